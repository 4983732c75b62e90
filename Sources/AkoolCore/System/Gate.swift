/// Lets threads wait until something has happened once.
package final class Gate: @unchecked Sendable {
  // `isOpen` and `kept` are guarded by `lock`.
  private let lock = Lock()
  private let condition = Condition()
  private var isOpen = false
  private var kept: [any AnyObject & Sendable] = []

  package init() {}

  package func open() {
    let released = lock.withLock {
      isOpen = true
      defer { kept = [] }
      return kept
    }
    condition.broadcast()
    // Outside the lock: the last reference to a client may be among them.
    _ = released
  }

  /// Keeps an object alive until it has happened.
  package func keep(_ object: any AnyObject & Sendable) {
    lock.withLock { if !isOpen { kept.append(object) } }
  }

  /// Returns false when the deadline passed first. Without a deadline it waits without limit.
  @discardableResult
  package func wait(until deadline: Instant? = nil) -> Bool {
    lock.withLock {
      while !isOpen { if !condition.wait(lock, until: deadline) { return isOpen } }
      return true
    }
  }
}
