internal import CLinux
internal import Glibc

/// Knows one thread from all others, also from a later one that the system gives the same number.
final class ThreadIdentity: @unchecked Sendable {
  // Read and written atomically. What a thread compares is only ever its own number, which it has written itself.
  private let number = UnsafeMutablePointer<UInt>.allocate(capacity: 1)

  init() { number.initialize(to: 0) }

  deinit { number.deallocate() }

  /// Whether the caller is the thread that this identity belongs to.
  var isCurrent: Bool { akool_load(number) == UInt(pthread_self()) }

  /// The calling thread takes this identity.
  func adopt() { akool_store(number, UInt(pthread_self())) }

  /// The calling thread gives it up, before it ends.
  func resign() { akool_store(number, 0) }
}
