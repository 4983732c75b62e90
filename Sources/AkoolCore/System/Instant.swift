internal import CLinux
internal import Glibc

/// A moment on the monotonic clock, in nanoseconds. Never goes back; stands still while a machine sleeps.
package struct Instant: Comparable, Hashable, Sendable {
  package var nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Added to every reading: a faked clock may return negative readings.
  private static let bias: Int64 = 1 << 62

  /// A reading of a clock.
  init(seconds: Int, nanoseconds: Int) {
    let reading = Int64(seconds) &* 1_000_000_000 &+ Int64(nanoseconds)
    self.init(nanoseconds: UInt64(max(0, Self.bias &+ reading)))
  }

  static var now: Instant { read(CLOCK_MONOTONIC) }

  static func read(_ clock: clockid_t) -> Instant {
    var time = Glibc.timespec()
    clock_gettime(clock, &time)
    return Instant(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  static let distantFuture = Instant(nanoseconds: .max)

  package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Later by so many milliseconds; huge values end at `distantFuture`.
  package func adding(milliseconds: Int64) -> Instant {
    guard milliseconds > 0 else { return self }
    let (product, tooLarge) = UInt64(milliseconds).multipliedReportingOverflow(by: 1_000_000)
    let (sum, overflow) = nanoseconds.addingReportingOverflow(product)
    return tooLarge || overflow ? .distantFuture : Instant(nanoseconds: sum)
  }

  /// Time until this moment in nanoseconds; 0 when it has passed.
  func nanoseconds(after earlier: Instant) -> UInt64 { self > earlier ? nanoseconds - earlier.nanoseconds : 0 }

  /// Earlier by so many milliseconds.
  func subtracting(milliseconds: Int64) -> Instant {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(UInt64(max(0, milliseconds)) * 1_000_000)
    return Instant(nanoseconds: overflow ? 0 : difference)
  }

  /// Time until this moment, rounded up; 0 when it has passed.
  func milliseconds(after earlier: Instant) -> Int64 {
    guard self > earlier else { return 0 }
    return Int64(clamping: (nanoseconds - earlier.nanoseconds).dividedRoundingUp(by: 1_000_000))
  }
}

extension UInt64 {
  fileprivate func dividedRoundingUp(by divisor: UInt64) -> UInt64 { self / divisor + (self % divisor == 0 ? 0 : 1) }
}

/// The calendar clock, for time stamps that people read. No decision rests on it.
enum WallClock {
  /// Unix time in milliseconds.
  static var milliseconds: Int64 {
    var time = Glibc.timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
  }
}
