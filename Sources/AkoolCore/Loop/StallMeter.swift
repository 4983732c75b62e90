/// Measures how long the I/O thread works without looking at its sockets.
struct StallMeter {
  private(set) var turnStart: Instant
  private(set) var longestNanoseconds: UInt64 = 0

  init(_ now: Instant) { turnStart = now }

  mutating func beginTurn(_ now: Instant) { turnStart = now }

  mutating func endTurn(_ now: Instant) {
    guard now > turnStart else { return }
    let elapsed = now.nanoseconds - turnStart.nanoseconds
    if elapsed > longestNanoseconds { longestNanoseconds = elapsed }
  }
}
