/// Measures how long the I/O thread works without looking at its sockets.
struct StallMeter {
  private(set) var turnStart = Instant.now
  private(set) var longestNanoseconds: UInt64 = 0

  mutating func beginTurn() { turnStart = .now }

  mutating func endTurn() {
    let elapsed = Instant.now.nanoseconds &- turnStart.nanoseconds
    if elapsed > longestNanoseconds { longestNanoseconds = elapsed }
  }
}
