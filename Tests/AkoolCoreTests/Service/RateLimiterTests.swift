import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct RateLimiterTests {
  private let stepped: SteppedLoop
  private let limiter: RateLimiter
  private let log = Outcomes()

  /// Outcomes of calls, in the order in which they came.
  private final class Outcomes {
    var all: [(call: Int, outcome: String, at: Int64)] = []
    var calls: [Int] { all.map(\.call) }
  }

  init() throws {
    stepped = try SteppedLoop()
    limiter = RateLimiter(stepped.loop)
  }

  private func take(_ count: Int) {
    stepped.perform { for _ in 0..<count { #expect(limiter.takeAtOnce()) } }
  }

  private func refuse() { stepped.perform { limiter.noteRefusal() } }

  /// A call that waits for its turn.
  @discardableResult
  private func wait(_ call: Int, timeout: Int64 = 60_000) -> Handle {
    let handle = Handle()
    stepped.start {
      let scope = Scope(stepped.loop, timeout: timeout)
      handle.scope = scope
      let outcome: String
      do throws(Interruption) {
        switch try await limiter.waitForTurn(scope, until: scope.deadline) {
        case .taken: outcome = "taken"
        case .tooLate: outcome = "too late"
        }
      } catch {
        outcome = "\(error)"
      }
      scope.end()
      log.all.append((call, outcome, stepped.clock.milliseconds))
    }
    return handle
  }

  private final class Handle { var scope: Scope? }

  @Test func takeAtOnce_limitsNothing_beforeARefusal() {
    take(1_000)
    #expect(limiter.rate == nil)
  }

  @Test func refusal_cutsTheRate() {
    take(100)
    refuse()
    #expect(limiter.rate == 70)
    for call in 0..<140 { wait(call) }
    stepped.advance(milliseconds: 1_000)
    #expect((65...75).contains(log.all.count))
    stepped.advance(milliseconds: 1_000)
    #expect(log.calls == Array(0..<140))
  }

  @Test func refusals_countOnce_withinASecond() {
    take(100)
    refuse()
    for _ in 0..<50 {
      stepped.advance(milliseconds: 10)
      refuse()
    }
    #expect(limiter.rate == 70)
    stepped.advance(milliseconds: 1_000)
    refuse()
    #expect(limiter.rate.map { $0 < 70 } == true)
  }

  @Test func answers_raiseTheRate_untilNothingIsLimited() {
    take(100)
    refuse()
    var last = 70.0
    for _ in 0..<20 {
      stepped.advance(milliseconds: 1_000)
      stepped.perform { limiter.noteAnswer() }
      guard let rate = limiter.rate else { break }
      #expect(rate > last && rate <= 200)
      last = rate
    }
    #expect(limiter.rate == nil)
    take(1_000)
  }

  @Test func rate_neverStops_whateverIsRefused() {
    take(1)
    for _ in 0..<50 {
      refuse()
      stepped.advance(milliseconds: 2_000)
    }
    #expect(limiter.rate == 0.5)
    wait(1)
    stepped.advance(milliseconds: 2_000)
    #expect(log.all.map(\.outcome) == ["taken"])
  }

  @Test func waiting_endsAtOnce_whenTheTurnIsBeyondTheDeadline() {
    take(1)
    refuse()
    for call in 0..<10 { wait(call, timeout: 3_000) }
    let late = log.all.filter { $0.outcome == "too late" }
    #expect(late.count >= 6 && late.allSatisfy { $0.at == 0 })
    stepped.advance(milliseconds: 3_000)
    #expect(log.all.allSatisfy { $0.outcome != "deadline" } && log.all.count == 10)
  }

  @Test func turn_goesToTheNext_whenACallIsCancelled() {
    take(1)
    refuse()
    wait(0)
    let cancelled = (1...20).map { wait($0) }
    wait(21)
    stepped.perform { for handle in cancelled { handle.scope?.interrupt(.cancelled) } }
    stepped.advance(milliseconds: 5_000)
    #expect(log.calls.last == 21 && log.all.last?.outcome == "taken")
  }

  @Test func refusal_endsWaits_thatBecomeHopeless() {
    take(4)
    refuse()
    for call in 0..<8 { wait(call, timeout: 4_000) }
    stepped.advance(milliseconds: 1_100)
    refuse()
    stepped.advance(milliseconds: 4_000)
    #expect(log.all.count == 8 && log.all.allSatisfy { $0.outcome != "deadline" })
  }

  @Test func random_orders_loseNoTurn() {
    var random = SeededGenerator(seed: 7)
    var open: [Handle] = []
    for call in 0..<500 {
      switch Int.random(in: 0..<6, using: &random) {
      case 0: refuse()
      case 1: stepped.advance(milliseconds: Int64.random(in: 0...900, using: &random))
      case 2: stepped.perform { limiter.noteAnswer() }
      case 3 where !open.isEmpty: stepped.perform { open.randomElement(using: &random)?.scope?.interrupt(.cancelled) }
      default: open.append(wait(call, timeout: Int64.random(in: 1...20_000, using: &random)))
      }
    }
    stepped.advance(milliseconds: 120_000)
    #expect(log.all.count == open.count)
    #expect(log.all.allSatisfy { $0.outcome != "deadline" || $0.at > 0 })
  }

  @Test func reply_tellsThatItWasSlowedDown() throws {
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
}
