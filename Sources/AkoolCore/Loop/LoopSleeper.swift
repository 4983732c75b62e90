internal import CLinux
internal import Glibc

/// Waits between the turns of an event loop.
protocol LoopSleeper: AnyObject, Sendable {
  /// Waits until the descriptor is readable, or until so many milliseconds have passed; a negative time waits
  /// without limit. On the loop's thread.
  ///
  /// - Returns: True if the descriptor is readable. It is not read here.
  func sleep(_ wakeDescriptor: Int32, milliseconds: Int32) -> Bool
}

/// Waits for nothing but the descriptor: the loop of a client without a network.
final class IdleSleeper: LoopSleeper {
  func sleep(_ wakeDescriptor: Int32, milliseconds: Int32) -> Bool {
    var watched = pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, milliseconds) > 0
  }
}

/// The descriptor by which other threads end the sleep of an event loop.
final class WakeDescriptor: @unchecked Sendable {
  // `number` changes once, when no other thread uses it any more.
  private(set) var number: Int32

  init() throws(AkoolError) {
    number = akool_eventfd()
    guard number >= 0 else { throw SystemErrors.noEventDescriptor() }
  }

  deinit { close() }

  /// Ends the sleep, or the next one. Any thread may call it.
  func wake() {
    var one: UInt64 = 1
    _ = write(number, &one, 8)
  }

  func drain() {
    var count: UInt64 = 0
    _ = read(number, &count, 8)
  }

  /// Closes the descriptor. To be called when the loop has ended: nothing wakes it any more.
  func close() {
    if number >= 0 { _ = Glibc.close(number) }
    number = -1
  }
}
