internal import CLinux
internal import Glibc

/// A thread that takes no signals: those belong to the host program.
struct SystemThread: @unchecked Sendable {
  // pthread_t is a number here; joining happens once, by the owner.
  private let thread: pthread_t

  /// Starts a thread that runs `body` and ends. `name` shows in debuggers, at most 15 characters.
  init(name: StaticString, _ body: @escaping @Sendable () -> Void) throws(AkoolError) {
    let start = Unmanaged.passRetained(ThreadStart(body))
    var created = pthread_t()
    var blocked = sigset_t()
    var previous = sigset_t()
    sigfillset(&blocked)
    pthread_sigmask(SIG_SETMASK, &blocked, &previous)
    let failure = pthread_create(&created, nil, runThreadStart, start.toOpaque())
    pthread_sigmask(SIG_SETMASK, &previous, nil)
    guard failure == 0 else {
      start.release()
      throw AkoolError(
        .localIO, "cannot start a thread: \(SystemError.describe(failure))",
        hint: "Raise the limit of threads or processes (ulimit -u, cgroup pids.max).", isRetryable: true)
    }
    thread = created
    name.withUTF8Buffer { text in
      _ = text.withMemoryRebound(to: CChar.self) { akool_name_thread(created, $0.baseAddress) }
    }
  }

  var isCurrent: Bool { pthread_equal(pthread_self(), thread) != 0 }

  func join() { pthread_join(thread, nil) }
}

private final class ThreadStart {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runThreadStart(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().body()
  return nil
}
