/// Slows the client down when AKOOL says that it is too fast, and lets it go again when that has helped.
///
/// AKOOL publishes no limits, so the rate at the moment of the refusal is all there is to go by: it is cut to
/// a share, then grows again second by second until it is of no use any more. Every call takes its turn in the
/// order in which the calls come.
struct RateLimiter {
  /// What a refusal leaves of the rate.
  private static let cut = 0.7
  /// What a second without refusals makes of the rate.
  private static let growth = 1.15
  /// The limit goes when it has grown to so many times the rate that was refused.
  private static let release = 2.0
  private static let slowest = 0.5

  /// Requests per second; nil while nothing is limited.
  private(set) var rate: Double?
  private var refusedRate = 0.0
  private var lastChange = Instant(nanoseconds: 0)
  private var nextTurn = Instant(nanoseconds: 0)
  private var meter = RateMeter()

  /// How long a request has to wait for its turn, in milliseconds. The turn is then taken.
  mutating func takeTurn(_ now: Instant) -> Int64 {
    guard let rate else {
      meter.count(now)
      return 0
    }
    let turn = max(now, nextTurn)
    nextTurn = turn.adding(milliseconds: max(1, Int64(1000 / rate)))
    meter.count(turn)
    return turn.milliseconds(after: now)
  }

  /// AKOOL has refused a request for coming too fast. Refusals within one second are one: they speak of the
  /// same burst.
  mutating func wasRefused(_ now: Instant) {
    guard rate == nil || now >= lastChange.adding(milliseconds: 1000) else { return }
    refusedRate = min(rate ?? .greatestFiniteMagnitude, max(1, meter.rate(now)))
    rate = max(Self.slowest, refusedRate * Self.cut)
    lastChange = now
    nextTurn = max(nextTurn, now)
  }

  /// AKOOL has answered a request.
  mutating func wasAccepted(_ now: Instant) {
    guard let rate, now >= lastChange.adding(milliseconds: 1000) else { return }
    lastChange = now
    self.rate = rate * Self.growth > refusedRate * Self.release ? nil : rate * Self.growth
  }
}

/// Counts requests in seconds.
struct RateMeter {
  private var start = Instant(nanoseconds: 0)
  private var current = 0.0
  private var previous = 0.0

  mutating func count(_ now: Instant) {
    turn(now)
    current += 1
  }

  /// The larger of this second's count and the last one's.
  mutating func rate(_ now: Instant) -> Double {
    turn(now)
    return max(current, previous)
  }

  private mutating func turn(_ now: Instant) {
    guard now >= start.adding(milliseconds: 1000) else { return }
    previous = now < start.adding(milliseconds: 2000) ? current : 0
    current = 0
    start = now
  }
}
