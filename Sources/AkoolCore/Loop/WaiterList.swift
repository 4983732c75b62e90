/// Calls that wait for the same thing, in the order in which they came. Lives on the event loop.
final class WaiterList<Value> {
  /// One call that waits.
  final class Waiter {
    let deadline: Instant
    fileprivate let resume: (Value) -> Void
    fileprivate weak var list: WaiterList?
    fileprivate weak var previous: Waiter?
    fileprivate var next: Waiter?

    fileprivate init(_ deadline: Instant, _ resume: @escaping (Value) -> Void) {
      self.deadline = deadline
      self.resume = resume
    }

    /// Ends the wait without a value.
    func leave() { list?.remove(self) }
  }

  private(set) var first: Waiter?
  private var last: Waiter?
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  deinit { while first != nil { removeFirst() } }

  /// Waits for a value, or for the end of the scope.
  ///
  /// - Parameter deadline: The moment after which a value is no use, for `resume(where:)`.
  func wait(_ scope: Scope, until deadline: Instant = .distantFuture) async throws(Interruption) -> Value {
    try await scope.suspend { resume in
      let waiter = add(deadline, resume)
      return { waiter.leave() }
    }
  }

  /// Waits without a task: `resume` gets the value, unless the waiter leaves before.
  func add(_ deadline: Instant, _ resume: @escaping (Value) -> Void) -> Waiter {
    let waiter = Waiter(deadline, resume)
    append(waiter)
    return waiter
  }

  /// Gives the value to the call that has waited longest. False when none waits.
  @discardableResult
  func resumeFirst(_ value: Value) -> Bool {
    guard let first else { return false }
    remove(first)
    first.resume(value)
    return true
  }

  /// Gives the value to all that wait now.
  func resumeAll(_ value: Value) {
    for _ in 0..<count { resumeFirst(value) }
  }

  /// Gives each that waits what `outcome` returns for it and its place; those without an outcome go on waiting.
  func resume(where outcome: (_ waiter: Waiter, _ place: Int) -> Value?) {
    var (waiter, place) = (first, 0)
    while let current = waiter {
      waiter = current.next
      if let value = outcome(current, place) {
        remove(current)
        current.resume(value)
      } else {
        place += 1
      }
    }
  }

  /// Moves the call that has waited longest to the end of another list.
  func moveFirst(to other: WaiterList) {
    guard let first else { return }
    remove(first)
    other.append(first)
  }

  private func removeFirst() { if let first { remove(first) } }

  private func append(_ waiter: Waiter) {
    waiter.list = self
    waiter.previous = last
    if let last { last.next = waiter } else { first = waiter }
    last = waiter
    count += 1
  }

  private func remove(_ waiter: Waiter) {
    if let previous = waiter.previous { previous.next = waiter.next } else { first = waiter.next }
    if let next = waiter.next { next.previous = waiter.previous } else { last = waiter.previous }
    (waiter.list, waiter.previous, waiter.next) = (nil, nil, nil)
    count -= 1
  }
}
