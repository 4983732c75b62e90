internal import CLinux
internal import Glibc

/// How an event loop waits between its turns.
protocol LoopSleeper: AnyObject, Sendable {
  /// Waits so long for something to do; a negative time waits for ever. On the loop's thread.
  func sleep(milliseconds: Int32)

  /// Ends the wait, or the next one. Any thread may call it.
  func wake()
}

/// Waits for nothing but being woken: the loop of a client without a network.
final class IdleSleeper: LoopSleeper {
  private let descriptor: Int32

  init() throws(AkoolError) {
    descriptor = akool_eventfd()
    guard descriptor >= 0 else {
      throw AkoolError(
        .localIO, "cannot create an event descriptor: \(SystemError.last)",
        hint: "Raise the limit of open files (ulimit -n).", isRetryable: true)
    }
  }

  deinit { close(descriptor) }

  func sleep(milliseconds: Int32) {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&watched, 1, milliseconds) > 0 else { return }
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }

  func wake() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }
}
