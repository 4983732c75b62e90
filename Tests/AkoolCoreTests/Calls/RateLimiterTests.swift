import AkoolCore
import Testing

@testable import struct AkoolCore.Instant
@testable import struct AkoolCore.RateLimiter

@Suite(.timeLimit(.minutes(1))) struct RateLimiterTests {
  private func second(_ number: Double) -> Instant { Instant(nanoseconds: UInt64((1_000 + number) * 1e9)) }

  private func refused(after count: Int) -> RateLimiter {
    var limiter = RateLimiter()
    for _ in 0..<count { #expect(limiter.takeTurn(second(0)) == 0) }
    limiter.wasRefused(second(0.5))
    return limiter
  }

  @Test func limitsNothingUntilItIsToldTo() {
    var limiter = RateLimiter()
    for number in 0..<1_000 { #expect(limiter.takeTurn(second(Double(number) / 1_000)) == 0) }
    #expect(limiter.rate == nil)
  }

  @Test func cutsTheRateThatWasRefused() {
    var limiter = refused(after: 100)
    #expect(limiter.rate == 70)
    let waits = (0..<140).map { _ in limiter.takeTurn(second(0.5)) }
    #expect(waits == waits.sorted())
    #expect((1_900...2_000).contains(waits[139]))
  }

  @Test func refusalsOfOneBurstCountOnce() {
    var limiter = refused(after: 100)
    for number in 0..<50 { limiter.wasRefused(second(0.5 + Double(number) / 100)) }
    #expect(limiter.rate == 70)
    limiter.wasRefused(second(2))
    #expect(limiter.rate.map { $0 < 70 } == true)
  }

  @Test func recoversAndLetsGo() {
    var limiter = refused(after: 100)
    var last = 70.0
    for number in 1...20 {
      limiter.wasAccepted(second(0.5 + Double(number)))
      guard let rate = limiter.rate else { break }
      #expect(rate > last && rate <= 200)
      last = rate
    }
    #expect(limiter.rate == nil)
    #expect(limiter.takeTurn(second(30)) == 0)
  }

  @Test func neverStopsAltogether() {
    var limiter = refused(after: 1)
    for number in 1...50 { limiter.wasRefused(second(Double(number * 2))) }
    #expect(limiter.rate == 0.5)
  }

  @Test func theReplyTellsThatItWasSlowedDown() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, number in
      number <= 2 ? Answer.no(1005) : Answer.ok(["credit": 1])
    }
    var slowed = false
    for _ in 0..<3 {
      let reply = try test.client.call("account.credit")
      #expect(reply.result == .ok)
      slowed = slowed || (reply.json.value(at: "/meta/slowed_down_ms")?.integer ?? 0) > 0
    }
    #expect(slowed)
    #expect(try test.data("client.stats")["rate_limit_per_s"]?.double != nil)
    try test.client.destroy()
  }

  @Test func waitingForATurnEndsByTheDeadline() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, _ in Answer.no(1005) }
    _ = try test.error("account.credit", options: ["max_attempts": 1])
    let ids = try (0..<20).map { _ in
      try test.client.submit(
        operation: "account.credit", parameters: .success([:]),
        options: .success(["timeout_ms": 200, "max_attempts": 1]), delivery: .wait)
    }
    let results = try ids.map { try test.client.wait($0, timeoutMilliseconds: -1).result }
    #expect(results.contains(.timeout))
    #expect(results.allSatisfy { $0 == .timeout || $0 == .rateLimited })
    try test.client.destroy()
  }
}
