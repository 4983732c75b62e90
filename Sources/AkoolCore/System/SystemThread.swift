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
    thread = try Self.start(
      name,
      ThreadStart {
        ForkGate.inside(body)
        ended.open()
      })
  }

  private static func start(_ name: StaticString, _ body: ThreadStart) throws(AkoolError) -> pthread_t {
    let start = Unmanaged.passRetained(body)
    var created = pthread_t()
    var blocked = sigset_t()
    var previous = sigset_t()
    sigfillset(&blocked)
    pthread_sigmask(SIG_SETMASK, &blocked, &previous)
    let failure = pthread_create(&created, nil, runThreadStart, start.toOpaque())
    pthread_sigmask(SIG_SETMASK, &previous, nil)
    guard failure == 0 else {
      start.release()
      throw SystemErrors.noThread(failure)
    }
    name.withUTF8Buffer { text in
      _ = text.withMemoryRebound(to: CChar.self) { akool_name_thread(created, $0.baseAddress) }
    }
    return created
  }

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
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runThreadStart(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().body()
  return nil
}
