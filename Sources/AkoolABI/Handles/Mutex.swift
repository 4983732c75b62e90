internal import Glibc

/// A pthread mutex that is locked and unlocked by hand, as it has to be across a fork.
final class Mutex: @unchecked Sendable {
  // The pointer is set once; pthread itself orders everything behind it.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }

  func unlock() { pthread_mutex_unlock(mutex) }
}
