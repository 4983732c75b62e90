/// Lets threads wait until something has happened once.
final class Gate: @unchecked Sendable {
  // `isOpen` is guarded by `lock`.
  private let lock = Lock()
  private let condition = Condition()
  private var isOpen = false

  func open() {
    lock.withLock { isOpen = true }
    condition.broadcast()
  }

  /// False when the deadline passed first.
  @discardableResult
  func wait(until deadline: Instant? = nil) -> Bool {
    lock.withLock {
      while !isOpen { if !condition.wait(lock, until: deadline) { return isOpen } }
      return true
    }
  }
}
