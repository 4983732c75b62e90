@testable import AkoolCore

/// An event loop without a thread, on a clock that only tests move.
final class SteppedLoop: LoopDriver, @unchecked Sendable {
  // Used by the thread of one test.
  let clock = ManualClock()
  private var pieces: [Worker.Piece] = []
  private var made: EventLoop?

  init() throws { made = try EventLoop(clock, driver: self) }

  var loop: EventLoop {
    guard let made else { preconditionFailure("the loop has ended") }
    return made
  }

  func add(_ loop: EventLoop) {}
  func run(_ piece: Worker.Piece, of worker: Worker) { pieces.append(piece) }

  /// Runs an action on the loop, and everything that follows from it at this moment.
  func perform(_ action: @escaping () -> Void) {
    let action = LoopCallback<Void> { action() }
    loop.post { action.call(()) }
    settle()
  }

  /// Starts a task on the loop, and runs it as far as it comes at this moment.
  func start(_ work: @escaping () async -> Void) {
    perform { [loop] in loop.spawn(work) }
  }

  /// Moves the clock, one timer after the other.
  func advance(milliseconds: Int64) {
    let end = clock.now.adding(milliseconds: milliseconds)
    while let next = loop.nextDeadline, next <= end {
      clock.advance(milliseconds: max(0, next.milliseconds(after: clock.now)))
      settle()
    }
    clock.advance(milliseconds: end.milliseconds(after: clock.now))
    settle()
  }

  private func settle() {
    while true {
      if loop.hasInbox {
        loop.make(.inbox)
      } else if loop.hasJob {
        loop.make(.job)
      } else if let due = loop.nextDeadline, due <= clock.now {
        loop.make(.timer)
      } else if !pieces.isEmpty {
        let piece = pieces.removeFirst()
        piece.run(piece.flag)
      } else {
        return
      }
    }
  }
}
