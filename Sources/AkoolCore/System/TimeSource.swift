internal import Glibc

/// Where a client has its time from. Tests bring a clock that they move by hand.
package protocol TimeSource: Sendable {
  /// The moment on a clock that never goes back.
  var now: Instant { get }
  /// The same on a clock that goes on while the machine sleeps, as paid time does.
  var sinceBoot: Instant { get }
  /// The calendar's time, in Unix milliseconds.
  var wallMilliseconds: Int64 { get }

  /// How long a thread may sleep that has something to do at a moment, in milliseconds. -1 lets it sleep until it
  /// is woken; without a moment that is always right.
  func sleepTime(until moment: Instant?) -> Int32

  /// Has `wake` called whenever the clock was moved by hand.
  func onMove(_ wake: @escaping @Sendable () -> Void)
}

/// The clocks of the system.
struct SystemClock: TimeSource {
  var now: Instant { .now }
  var sinceBoot: Instant { .read(CLOCK_BOOTTIME) }
  var wallMilliseconds: Int64 { WallClock.milliseconds }

  func sleepTime(until moment: Instant?) -> Int32 {
    guard let moment else { return -1 }
    return Int32(clamping: moment.milliseconds(after: now))
  }

  func onMove(_ wake: @escaping @Sendable () -> Void) {}
}
