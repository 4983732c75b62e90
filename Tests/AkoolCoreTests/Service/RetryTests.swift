import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct RetryTests {
  @Test(arguments: [TransferFailure.Kind.nameResolution, .connection, .broken])
  func repeatsWhatIsSafe(_ kind: TransferFailure.Kind) throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, number in
      number < 3 ? .fail(kind, .maybeSent) : Answer.ok(["credit": 5])
    }
    #expect(try test.data("account.credit")["credit"] == 5)
    #expect(test.log.count == 3)
    try test.client.destroy()
  }

  @Test func givesUpAfterThreeAttempts() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, _ in .fail(.broken, .maybeSent) }
    let error = try test.error("account.credit")
    #expect(error["code"] == "UNAVAILABLE")
    #expect(error["retryable"] == true)
    #expect(test.log.count == 3)
    try test.client.destroy()
  }

  @Test func neverRepeatsAPaymentThatMayHaveArrived() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, _ in .fail(.broken, .maybeSent) }
    let error = try test.error("session.create", ["avatar_id": "a"])
    #expect(error["code"] == "OUTCOME_UNKNOWN")
    #expect(error["retryable"] == false)
    #expect(test.log.matching("/create").count == 1)
    #expect(test.log.all.first?.isRepeatable == false)
    try test.client.destroy()
  }

  @Test func repeatsAPaymentThatCertainlyNeverLeft() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { request, number in
      if request.url.contains("/create") {
        return number == 1 ? .fail(.connection, .notSent) : Answer.session("s1", status: 1)
      }
      return Answer.session("s1", status: 3)
    }
    #expect(try test.data("session.create", ["avatar_id": "a"])["_id"] == "s1")
    #expect(test.log.matching("/create").count == 2)
    try test.client.destroy()
  }

  @Test(arguments: [("<html>", 502), ("<html>", 200), ("", 200), ("{}", 200), (#"{"code":"1000"}"#, 200)])
  func anUnreadableAnswerToAPaymentIsUnknown(_ body: String, _ status: Int) throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, _ in .text(body, status: status) }
    #expect(try test.error("session.create", ["avatar_id": "a"])["code"] == "OUTCOME_UNKNOWN")
    #expect(test.log.matching("/create").count == 1)
    try test.client.destroy()
  }

  @Test(
    arguments: [
      (1003, "INVALID_ARGUMENT"), (1006, "QUOTA_EXCEEDED"), (1009, "FORBIDDEN"), (1104, "QUOTA_EXCEEDED"),
      (1200, "FORBIDDEN"),
      (1213, "FORBIDDEN"), (1215, "AVATAR_BUSY"), (1008, "NOT_FOUND"), (4711, "REMOTE_FAILED"),
      (1101, "UNAUTHENTICATED"),
    ] as [(Int64, String)])
  func refusalsFailAtOnce(_ code: Int64, _ name: String) throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, _ in Answer.no(code) }
    let error = try test.error("account.credit")
    #expect(error["code"]?.string == name)
    #expect(error["akool_code"]?.integer == code)
    #expect(test.log.count == 1)
    try test.client.destroy()
  }

  @Test func aRateLimitIsRepeatedEvenForPayments() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { request, number in
      request.url.contains("/create") && number == 1
        ? Answer.no(1005) : Answer.session("s", status: request.url.contains("/create") ? 1 : 3)
    }
    #expect(try test.data("session.create", ["avatar_id": "a"])["_id"] == "s")
    #expect(test.log.matching("/create").count == 2)
    try test.client.destroy()
  }

  @Test(arguments: [("retry-after", "0"), ("retry-after-ms", "1"), ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")])
  func takesTheServersHint(_ name: String, _ value: String) throws {
    let headers = [HTTPHeader(name, value), HTTPHeader("date", "Sun, 06 Nov 1994 08:49:37 GMT")]
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, number in
      number == 1 ? .text("slow down", status: 429, headers: headers) : Answer.ok(["credit": 1])
    }
    #expect(try test.data("account.credit")["credit"] == 1)
    try test.client.destroy()
  }

  @Test(
    arguments: [
      ("retry-after", "7", 7_000), ("retry-after", "0.5", 500), ("retry-after-ms", "1234", 1_234),
      ("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT", 3_000),
    ] as [(String, String, Int64)])
  func waitsAtLeastAsLongAsTheServerAsks(_ name: String, _ value: String, _ expected: Int64) throws {
    let clock = ManualClock(jumps: true)
    let headers = [HTTPHeader(name, value), HTTPHeader("date", "Sun, 06 Nov 1994 08:49:37 GMT")]
    let test = try TestClient(clock: clock) { _, number in
      number == 1 ? .text("busy", status: 503, headers: headers) : Answer.ok(["credit": 1])
    }
    let reply = try test.client.call("account.credit", options: ["trace": true])
    #expect(reply.result == .ok)
    let waited = try #require(reply.json.value(at: "/meta/trace/0/delay_ms")?.integer)
    #expect((expected...expected + 250).contains(waited))
    #expect((waited...waited + 1).contains(clock.milliseconds))
    try test.client.destroy()
  }

  @Test func waitsWithFullJitter() throws {
    var waits: [[Int64]] = []
    for seed in 1...40 {
      let test = try TestClient(clock: ManualClock(jumps: true), seed: UInt64(seed)) { _, _ in
        .fail(.broken, .maybeSent)
      }
      let reply = try test.client.call("account.credit", options: ["trace": true])
      let trace = try #require(reply.json.value(at: "/meta/trace")?.array)
      waits.append(trace.compactMap { $0["delay_ms"]?.integer })
      try test.client.destroy()
    }
    for (place, ceiling) in [(0, 250), (1, 500)] as [(Int, Int64)] {
      let all = waits.map { $0[place] }
      #expect(all.allSatisfy { (0...ceiling).contains($0) })
      #expect(all.contains { $0 < ceiling / 4 } && all.contains { $0 > ceiling * 3 / 4 })
    }
    #expect(waits.allSatisfy { $0.count == 2 })
  }

  @Test func theSameChanceWaitsTheSame() throws {
    let waits = try (0..<2).map { _ in
      let clock = ManualClock(jumps: true)
      let test = try TestClient(clock: clock, seed: 7) { _, _ in .fail(.broken, .maybeSent) }
      _ = try test.error("account.credit")
      try test.client.destroy()
      return clock.milliseconds
    }
    #expect(waits[0] == waits[1] && waits[0] > 0)
  }

  @Test func theDeadlineCoversTheWaitsBetweenAttempts() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, _ in
      .later(400, .text("busy", status: 503, headers: [HTTPHeader("retry-after-ms", "400")]))
    }
    let reply = try test.client.call("account.credit", options: ["timeout_ms": 1_000, "max_attempts": 10])
    #expect(reply.result == .timeout)
    #expect(reply.json.value(at: "/meta/elapsed_ms") == 1_000)
    #expect(test.log.count == 2)
    try test.client.destroy()
  }

  @Test func recoversPromptlyAfterAnOutage() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, number in
      number <= 700 ? .fail(.connection, .notSent) : Answer.ok(["credit": 1])
    }
    for _ in 0..<500 { _ = try test.client.call("account.credit") }
    let asked = test.log.count
    #expect(asked >= 600 && asked <= 700)
    while test.log.count < 700 { _ = try test.client.call("account.credit") }
    for _ in 0..<20 { #expect(try test.client.call("account.credit").result == .ok) }
    let stats = try test.data("client.stats")
    #expect(stats["retry_budget"]?.integer.map { $0 >= 20 } == true, "\(stats)")
    try test.client.destroy()
  }

  @Test func aHintBeyondTheDeadlineEndsTheCallAtOnce() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, _ in
      .text("", status: 503, headers: [HTTPHeader("retry-after", "3600")])
    }
    let error = try test.error("account.credit")
    #expect(error["code"] == "UNAVAILABLE")
    #expect(error["retry_after_ms"] == 3_600_000)
    #expect(test.log.count == 1)
    try test.client.destroy()
  }

  @Test func traceTellsTheStory() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, number in
      number == 1 ? .text("oops", status: 503) : Answer.ok(["credit": 1])
    }
    let reply = try test.client.call("account.credit", options: ["trace": true, "tag": "t-1"])
    let trace = try #require(reply.json.value(at: "/meta/trace")?.array)
    #expect(trace.count == 2)
    #expect(trace[0]["code"] == "UNAVAILABLE" && trace[0]["next"] == "unavailable" && trace[0]["http_status"] == 503)
    #expect(trace[1]["code"] == "OK" && trace[1]["akool_code"] == 1000)
    #expect(reply.json.value(at: "/meta/tag") == "t-1")
    #expect(reply.json.value(at: "/meta/attempts") == 2)
    #expect(try test.events().contains { $0["type"] == "call.retrying" && $0["attempt"] == 2 })
    try test.client.destroy()
  }

  @Test func anOutageIsNotAnsweredWithAMultipleOfTheLoad() throws {
    let test = try TestClient(clock: ManualClock(jumps: true)) { _, _ in .fail(.connection, .notSent) }
    let ids = try (0..<1_000).map { _ in
      try test.client.submit(
        operation: "account.credit", parameters: .success([:]), options: .success([:]), delivery: .wait)
    }
    for id in ids { #expect(try test.client.wait(id, timeoutMilliseconds: -1).result == .unavailable) }
    #expect(test.log.count <= 1_200)
    try test.client.destroy()
  }
}
