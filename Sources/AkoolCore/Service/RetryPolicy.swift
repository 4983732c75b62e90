/// Decides whether and when a failed attempt is followed by another.
struct RetryPolicy {
  /// The wait before the first repeat is at most this, in milliseconds; it doubles from one to the next.
  static let base: Int64 = 250
  /// No wait between attempts is longer, in milliseconds, unless the server asks for it.
  static let ceiling: Int64 = 8_000

  let safety: RepeatSafety
  let maximumAttempts: Int

  /// How long to wait before attempt `attempts + 1`, or nil to give up.
  func delay(
    after failure: AttemptFailure, attempts: Int, random: inout some RandomNumberGenerator
  ) -> Int64? {
    guard failure.isTransient, attempts < maximumAttempts else { return nil }
    guard safety == .safe || failure.delivery == .notSent else { return nil }
    return max(Self.jittered(attempts, &random), failure.error.retryAfterMilliseconds ?? 0)
  }

  /// Full jitter: anything between nothing and the doubled ceiling, so that clients that failed together
  /// do not come back together.
  static func jittered(_ attempts: Int, _ random: inout some RandomNumberGenerator) -> Int64 {
    let ceiling = min(Self.ceiling, base << Int64(min(max(0, attempts - 1), 16)))
    return Int64.random(in: 0...ceiling, using: &random)
  }
}

/// What a client may spend on repeats: a bucket that failures empty and successes fill again, so that an
/// outage is not answered with a multiple of the load.
struct RetryBudget {
  static let capacity = 500
  private static let cost = 5
  private static let costAfterSilence = 10
  private static let refund = 1

  private(set) var available = capacity

  /// False when the budget is used up.
  mutating func spend(on failure: AttemptFailure) -> Bool {
    let price = failure.reason == TransferFailure.Kind.silence.rawValue ? Self.costAfterSilence : Self.cost
    guard available >= price else { return false }
    available -= price
    return true
  }

  mutating func succeed() { available = min(Self.capacity, available + Self.refund) }
}
