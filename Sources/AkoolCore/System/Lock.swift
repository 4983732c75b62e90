internal import CLinux
internal import Glibc

/// A pthread mutex.
///
/// Not `Synchronization.Mutex`, in whose correct use ThreadSanitizer sees races that are none.
package final class Lock: @unchecked Sendable {
  // The pointer is set once; pthread itself orders everything behind it.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  package func lock() { pthread_mutex_lock(mutex) }
  package func unlock() { pthread_mutex_unlock(mutex) }

  package func withLock<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Waits for a signal of the condition; the lock is held before and after. A nil deadline waits for ever.
  ///
  /// The thread is outside the fork gate meanwhile. It takes the lock again only after it has come back inside: a
  /// thread that holds a lock must not wait for a fork.
  fileprivate func wait(on condition: UnsafeMutablePointer<pthread_cond_t>, until deadline: Instant?) -> Bool {
    let depth = ForkGate.pause()
    let wasSignalled = block(on: condition, until: deadline)
    guard depth > 0 else { return wasSignalled }
    pthread_mutex_unlock(mutex)
    ForkGate.resume(depth)
    pthread_mutex_lock(mutex)
    return wasSignalled
  }

  private func block(on condition: UnsafeMutablePointer<pthread_cond_t>, until deadline: Instant?) -> Bool {
    guard let deadline else { return pthread_cond_wait(condition, mutex) == 0 }
    return akool_wait(condition, mutex, deadline.nanoseconds(after: .now)) == 0
  }
}

/// A pthread condition on the monotonic clock, used with one `Lock`.
package final class Condition: @unchecked Sendable {
  // The pointer is set once; pthread itself orders everything behind it.
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  package init() {
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
  }

  /// Call with the lock held. False when the deadline has passed.
  @discardableResult
  package func wait(_ lock: Lock, until deadline: Instant? = nil) -> Bool { lock.wait(on: condition, until: deadline) }

  package func broadcast() { pthread_cond_broadcast(condition) }
}

/// A value behind a lock.
package final class Guarded<Value>: @unchecked Sendable {
  // `value` is guarded by `lock`.
  private let lock = Lock()
  private var value: Value

  package init(_ value: sending Value) { self.value = value }

  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
