/// Lets threads wait until something has happened once.
package final class Gate: @unchecked Sendable {
  // `isOpen` is guarded by `lock`.
  private let lock = Lock()
  private let condition = Condition()
  private var isOpen = false

  package init() {}

  package func open() {
    lock.withLock { isOpen = true }
    condition.broadcast()
  }

  /// Returns false when the deadline passed first. Without a deadline it waits for ever.
  @discardableResult
  package func wait(until deadline: Instant? = nil) -> Bool {
    lock.withLock {
      while !isOpen { if !condition.wait(lock, until: deadline) { return isOpen } }
      return true
    }
  }
}
