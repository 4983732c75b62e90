internal import CCrypto
internal import CLinux
internal import Glibc

/// A thread that takes no signals: those belong to the host program.
package struct SystemThread: @unchecked Sendable {
  // pthread_t is a number here; joining or detaching happens once, by the owner.
  private let thread: pthread_t
  private let ended: Gate

  /// Starts a thread that runs `body` and ends. `name` shows in debuggers, at most 15 characters.
  package init(name: StaticString, _ body: @escaping @Sendable () -> Void) throws(AkoolError) {
    let ended = Gate()
    self.ended = ended
    var created = pthread_t()
    let start = ThreadStart({
      body()
      // Otherwise OpenSSL's own end of a thread takes its locks outside, where another thread may fork.
      OPENSSL_thread_stop()
    }) { ended.open() }
    let failure = start.run { pthread_create(&created, nil, runThreadStart, $0) }
    guard failure == 0 else { throw SystemErrors.noThread(failure) }
    thread = created
    Self.give(created, name)
  }

  /// Starts a thread that ends by itself and is never joined.
  ///
  /// It must not use libcurl or OpenSSL, not even at its end: the process may be exiting, and OpenSSL be gone.
  ///
  /// - Returns: 0, or the error number.
  static func startDetached(_ name: StaticString, _ body: @escaping @Sendable () -> Void) -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, detachedStackBytes)
    // It names itself: by the time that it is created it may have ended.
    let named: @Sendable () -> Void = {
      give(pthread_self(), name)
      body()
    }
    return ThreadStart(named).run { start in
      var created = pthread_t()
      return pthread_create(&created, &attributes, runThreadStart, start)
    }
  }

  private static func give(_ thread: pthread_t, _ name: StaticString) {
    name.withUTF8Buffer { text in
      _ = text.withMemoryRebound(to: CChar.self) { akool_name_thread(thread, $0.baseAddress) }
    }
  }

  /// Enough for getaddrinfo with any module of the name service; musl's default is not.
  private static let detachedStackBytes = 524_288

  package var isCurrent: Bool { pthread_equal(pthread_self(), thread) != 0 }

  /// Waits for the end of the thread, and frees it. One that has not ended by the deadline is left to itself: false.
  ///
  /// - Parameter owner: The object that such a thread keeps alive until it ends.
  @discardableResult
  package func join(until deadline: Instant? = nil, keeping owner: (any AnyObject & Sendable)? = nil) -> Bool {
    guard ended.wait(until: deadline) else {
      if let owner { ended.keep(owner) }
      pthread_detach(thread)
      return false
    }
    ForkGate.outside { _ = pthread_join(thread, nil) }
    return true
  }
}

private final class ThreadStart: Sendable {
  private let body: @Sendable () -> Void
  private let end: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void, end: @escaping @Sendable () -> Void = {}) {
    self.body = body
    self.end = end
  }

  /// Creates the thread. Returns 0, or the error number.
  func run(_ create: (UnsafeMutableRawPointer) -> Int32) -> Int32 {
    let start = Unmanaged.passRetained(self)
    var blocked = sigset_t()
    var previous = sigset_t()
    sigfillset(&blocked)
    pthread_sigmask(SIG_SETMASK, &blocked, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    let failure = create(start.toOpaque())
    if failure != 0 { start.release() }
    return failure
  }

  /// On the thread.
  func serve() {
    ForkGate.markThread()
    ForkGate.inside { body() }
    end()
  }
}

private func runThreadStart(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().serve()
  return nil
}
