/// Runs event loops and workers without threads, one step at a time: for deterministic simulation.
///
/// A driver decides which loop makes its next step, and when a piece of work is done.
package protocol LoopDriver: AnyObject, Sendable {
  /// Takes a loop that was made.
  func add(_ loop: EventLoop)

  /// Takes a piece of work. The driver runs the pieces of one worker in their order.
  func run(_ piece: Worker.Piece, of worker: Worker)
}

extension EventLoop {
  /// One step of a loop that has a driver.
  package enum Step {
    /// Takes what other threads have handed in.
    case inbox
    /// Runs the job that has waited longest.
    case job
    /// Fires the timer that is due first.
    case timer
    /// Moves the transfers on, and ends the turn.
    case turn
  }
}
