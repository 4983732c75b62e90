import AkoolCore
import Foundation

/// A clock that stands still until a test moves it, or that jumps to whatever its client waits for next.
final class ManualClock: TimeSource, @unchecked Sendable {
  private let lock = NSLock()
  private let jumps: Bool
  private var elapsed: UInt64 = 1_000_000_000
  private var wakers: [@Sendable () -> Void]

  /// The calendar's time at the start: 2026-01-01 00:00:00 UTC.
  static let start: Int64 = 1_767_225_600_000

  init(jumps: Bool = false) {
    self.jumps = jumps
    wakers = []
  }

  var now: Instant { lock.withLock { Instant(nanoseconds: elapsed) } }
  var sinceBoot: Instant { now }
  var wallMilliseconds: Int64 { Self.start + milliseconds }

  /// How far it has been moved, in milliseconds.
  var milliseconds: Int64 { lock.withLock { Int64(elapsed - 1_000_000_000) / 1_000_000 } }

  func advance(milliseconds: Int64) {
    let toWake: [@Sendable () -> Void] = lock.withLock {
      elapsed += UInt64(milliseconds) * 1_000_000
      return wakers
    }
    for wake in toWake { wake() }
  }

  func sleepTime(until moment: Instant?) -> Int32 {
    guard jumps, let moment else { return -1 }
    lock.withLock { elapsed = max(elapsed, moment.nanoseconds) }
    return 0
  }

  func onMove(_ wake: @escaping @Sendable () -> Void) { lock.withLock { wakers.append(wake) } }
}
