internal import Glibc

/// A value behind a pthread mutex. (The standard library's mutex gives ThreadSanitizer false alarms.)
///
/// `@unchecked Sendable`: `value` is made in `init` by a `@Sendable` closure, so that nobody else has it, and is only
/// reached with the mutex held.
final class Locked<Value>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  init(_ make: @Sendable () -> Value) {
    value = make()
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func withLock<Result: Sendable, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure)
    -> Result
  {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
