internal import CLinux
internal import Glibc

/// A thread that ends by itself and is never joined. It takes no signals: those belong to the host program.
enum DetachedThread {
  /// Enough for getaddrinfo with any module of the name service; musl's default is not.
  private static let stackBytes = 524_288

  /// Starts a thread that runs `body`.
  ///
  /// - Returns: 0, or the error number.
  static func start(_ name: StaticString, _ body: @escaping @Sendable () -> Void) -> Int32 {
    let start = Unmanaged.passRetained(DetachedStart(name, body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, stackBytes)
    let failure = withSignalsBlocked {
      var created = pthread_t()
      return pthread_create(&created, &attributes, runDetachedStart, start.toOpaque())
    }
    if failure != 0 { start.release() }
    return failure
  }

  private static func withSignalsBlocked(_ body: () -> Int32) -> Int32 {
    var blocked = sigset_t()
    var previous = sigset_t()
    sigfillset(&blocked)
    pthread_sigmask(SIG_SETMASK, &blocked, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    return body()
  }
}

private final class DetachedStart {
  let name: StaticString
  let body: @Sendable () -> Void

  init(_ name: StaticString, _ body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

private func runDetachedStart(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let start = Unmanaged<DetachedStart>.fromOpaque(context).takeRetainedValue()
  start.name.withUTF8Buffer { text in
    _ = text.withMemoryRebound(to: CChar.self) { akool_name_thread(pthread_self(), $0.baseAddress) }
  }
  ForkGate.inside(start.body)
  return nil
}
