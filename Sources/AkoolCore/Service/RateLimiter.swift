/// Slows one lane of a client down when AKOOL answers that it is too fast, and speeds it up again when that has helped.
///
/// AKOOL publishes no limits, so the rate at the moment of the refusal is all there is to go by: it is cut to a share,
/// then grows second by second until it no longer limits anything. Calls take their turns in the order in which they
/// come. A turn belongs to a call only once it has begun: a call that ends before leaves nothing behind. Lives on the
/// event loop.
final class RateLimiter {
  /// Share of the rate that a refusal leaves.
  private static let cut = 0.7
  /// Growth of the rate in a second without refusals.
  private static let growth = 1.15
  /// Multiple of the refused rate at which the limit goes.
  private static let release = 2.0
  private static let slowest = 0.5

  /// Outcome of waiting for a turn.
  enum Turn {
    case taken
    /// The turn would come so many milliseconds from now, after the deadline of the call.
    case tooLate(Int64)
  }

  /// Requests per second; nil while nothing is limited.
  private(set) var rate: Double?
  private let loop: EventLoop
  private let waiting = WaiterList<Turn>()
  private var timer: LoopTimer?
  private var refusedRate = 0.0
  private var lastChange = Instant(nanoseconds: 0)
  private var nextTurn = Instant(nanoseconds: 0)
  private var meter = RateMeter()

  init(_ loop: EventLoop) { self.loop = loop }

  /// Takes a turn if there is one now.
  func takeAtOnce() -> Bool {
    guard rate == nil || waiting.isEmpty && nextTurn <= loop.now else { return false }
    beginTurn()
    return true
  }

  /// Waits for a turn. One that would come after the latest start is not waited for.
  func waitForTurn(_ scope: Scope, until latestStart: Instant) async throws(Interruption) -> Turn {
    try scope.check()
    if takeAtOnce() { return .taken }
    let turn = turn(ofPlace: waiting.count)
    guard turn < latestStart else { return .tooLate(turn.milliseconds(after: loop.now)) }
    startTimer()
    return try await waiting.wait(scope, until: latestStart)
  }

  /// AKOOL has refused a request for coming too fast. Refusals within one second are one: they mean the same burst.
  func noteRefusal() {
    let now = loop.now
    guard rate == nil || now >= lastChange.adding(milliseconds: 1000) else { return }
    refusedRate = min(rate ?? .greatestFiniteMagnitude, max(1, meter.rate(now)))
    rate = max(Self.slowest, refusedRate * Self.cut)
    lastChange = now
    nextTurn = max(nextTurn, now)
    refuseHopeless()
  }

  /// AKOOL has answered a request.
  func noteAnswer() {
    guard let rate, loop.now >= lastChange.adding(milliseconds: 1000) else { return }
    lastChange = loop.now
    self.rate = rate * Self.growth > refusedRate * Self.release ? nil : rate * Self.growth
    if self.rate == nil { giveTurns() }
  }

  // MARK: Turns

  private var interval: Int64 { max(1, Int64(1000 / (rate ?? 1000))) }

  private func turn(ofPlace place: Int) -> Instant {
    max(nextTurn, loop.now).adding(milliseconds: Int64(place) * interval)
  }

  private func beginTurn() {
    meter.count(loop.now)
    if rate != nil { nextTurn = max(nextTurn, loop.now).adding(milliseconds: interval) }
  }

  /// Gives the turns whose time has come, and all of them where nothing is limited any more.
  private func giveTurns() {
    while !waiting.isEmpty, rate == nil || nextTurn <= loop.now {
      beginTurn()
      waiting.resumeFirst(.taken)
    }
    if !waiting.isEmpty { startTimer() }
  }

  private func startTimer() {
    guard timer == nil else { return }
    timer = loop.schedule(at: max(nextTurn, loop.now)) { [unowned self] in
      timer = nil
      giveTurns()
    }
  }

  /// Ends the waits of calls whose turn now comes after their deadline.
  private func refuseHopeless() {
    waiting.resume { waiter, place in
      let turn = turn(ofPlace: place)
      return turn < waiter.deadline ? nil : .tooLate(turn.milliseconds(after: loop.now))
    }
  }

  /// Ends the timer with the client.
  func shutDown() {
    if let timer { loop.cancel(timer) }
    timer = nil
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

  /// Returns the larger of this second's count and the last one's.
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
