/// Span of one call: its deadline, and the way to end it early from outside.
///
/// Everything that a call waits for goes through `suspend`, so that neither a deadline nor a cancel ever waits for
/// anything. Lives on the event loop.
final class Scope {
  let started: Instant
  let deadline: Instant
  /// Whole time of the call, in milliseconds, for messages.
  let timeout: Int64
  private let loop: EventLoop
  private var timer: LoopTimer?
  private var interruption: Interruption?
  private var suspension: (any Interruptible)?

  /// - Parameter started: The moment from which the time counts, where it is not now.
  init(_ loop: EventLoop, started: Instant? = nil, timeout: Int64) {
    self.loop = loop
    self.timeout = timeout
    self.started = started ?? loop.now
    deadline = self.started.adding(milliseconds: timeout)
    timer = loop.schedule(at: deadline) { [unowned self] in interrupt(.deadline) }
  }

  /// The time by the client's clock, to the nanosecond and not only to the turn of the loop.
  var now: Instant { loop.clock.now }

  /// Ends the call; the first interruption counts.
  func interrupt(_ interruption: Interruption) {
    guard self.interruption == nil else { return }
    self.interruption = interruption
    suspension?.interrupt(interruption)
  }

  /// Throws if the call has been ended from outside.
  func check() throws(Interruption) { if let interruption { throw interruption } }

  /// Must be called when the call has ended: the timer refers to this object without keeping it.
  func end() {
    if let timer { loop.cancel(timer) }
    timer = nil
    suspension = nil
  }

  /// Starts something and waits for it or for an interruption, whichever is first. `start` returns how to
  /// undo what it started; that is called upon interruption only.
  func suspend<Value>(
    _ start: (_ resume: @escaping (Value) -> Void) -> () -> Void
  ) async throws(Interruption) -> Value {
    try check()
    let suspension = Suspension<Value>()
    suspension.undo = start { suspension.resolve(.success($0)) }
    self.suspension = suspension
    let result = await suspension.value()
    self.suspension = nil
    // Break the retain cycle between the undo and resume closures.
    suspension.undo = nil
    return try result.get()
  }

  /// Waits without a task: an interruption before `release` calls `onInterruption`, and once only.
  func hold(_ onInterruption: @escaping (Interruption) -> Void) { suspension = Hold(onInterruption) }

  /// Ends the wait that `hold` began.
  func release() { suspension = nil }

  /// Waits for a while.
  func sleep(milliseconds: Int64) async throws(Interruption) {
    let loop = loop
    try await suspend { (resume: @escaping (()) -> Void) in
      let timer = loop.schedule(afterMilliseconds: milliseconds) { resume(()) }
      return { loop.cancel(timer) }
    }
  }
}

private protocol Interruptible: AnyObject {
  func interrupt(_ interruption: Interruption)
}

/// Something that a call waits for.
private final class Suspension<Value>: OneShot<Result<Value, Interruption>>, Interruptible {
  /// Takes back what was started.
  var undo: (() -> Void)?

  func interrupt(_ interruption: Interruption) {
    guard !isResolved else { return }
    undo?()
    resolve(.failure(interruption))
  }
}

/// A wait without a task.
private final class Hold: Interruptible {
  private let onInterruption: (Interruption) -> Void

  init(_ onInterruption: @escaping (Interruption) -> Void) { self.onInterruption = onInterruption }

  func interrupt(_ interruption: Interruption) { onInterruption(interruption) }
}

/// A value that one side sets once and the other waits for. Lives on the event loop.
class OneShot<Value> {
  private var result: Value?
  private var continuation: UnsafeContinuation<Void, Never>?

  var isResolved: Bool { result != nil }

  /// The first value counts.
  func resolve(_ value: Value) {
    guard result == nil else { return }
    result = value
    continuation?.resume()
    continuation = nil
  }

  func value() async -> Value {
    while true {
      if let result { return result }
      await withUnsafeContinuation { continuation = $0 }
    }
  }
}
