import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct RetryTests {
  @Test(arguments: [TransferFailure.Kind.nameResolution, .connection, .broken])
  func repeatsWhatIsSafe(_ kind: TransferFailure.Kind) throws {
    let test = try TestClient { _, number in number < 3 ? .fail(kind, .maybeSent) : Answer.ok(["credit": 5]) }
    #expect(try test.data("account.credit")["credit"] == 5)
    #expect(test.log.count == 3)
    try test.client.destroy()
  }

  @Test func givesUpAfterThreeAttempts() throws {
    let test = try TestClient { _, _ in .fail(.broken, .maybeSent) }
    let error = try test.error("account.credit")
    #expect(error["code"] == "UNAVAILABLE")
    #expect(error["retryable"] == true)
    #expect(test.log.count == 3)
    try test.client.destroy()
  }

  @Test func neverRepeatsAPaymentThatMayHaveArrived() throws {
    let test = try TestClient { _, _ in .fail(.broken, .maybeSent) }
    let error = try test.error("session.create", ["avatar_id": "a"])
    #expect(error["code"] == "OUTCOME_UNKNOWN")
    #expect(error["retryable"] == false)
    #expect(test.log.count == 1)
    #expect(test.log.all.first?.isRepeatable == false)
    try test.client.destroy()
  }

  @Test func repeatsAPaymentThatCertainlyNeverLeft() throws {
    let test = try TestClient { request, number in
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
    let test = try TestClient { _, _ in .text(body, status: status) }
    #expect(try test.error("session.create", ["avatar_id": "a"])["code"] == "OUTCOME_UNKNOWN")
    #expect(test.log.count == 1)
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
    let test = try TestClient { _, _ in Answer.no(code) }
    let error = try test.error("account.credit")
    #expect(error["code"]?.string == name)
    #expect(error["akool_code"]?.integer == code)
    #expect(test.log.count == 1)
    try test.client.destroy()
  }

  @Test func aRateLimitIsRepeatedEvenForPayments() throws {
    let test = try TestClient { request, number in
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
    let test = try TestClient { _, number in
      number == 1 ? .text("slow down", status: 429, headers: headers) : Answer.ok(["credit": 1])
    }
    #expect(try test.data("account.credit")["credit"] == 1)
    try test.client.destroy()
  }

  @Test func aHintBeyondTheDeadlineEndsTheCallAtOnce() throws {
    let test = try TestClient { _, _ in .text("", status: 503, headers: [HTTPHeader("retry-after", "3600")]) }
    let error = try test.error("account.credit")
    #expect(error["code"] == "UNAVAILABLE")
    #expect(error["retry_after_ms"] == 3_600_000)
    #expect(test.log.count == 1)
    try test.client.destroy()
  }

  @Test func traceTellsTheStory() throws {
    let test = try TestClient { _, number in number == 1 ? .text("oops", status: 503) : Answer.ok(["credit": 1]) }
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
    let test = try TestClient(["polling": ["initial_ms": 1]]) { _, _ in .fail(.connection, .notSent) }
    let ids = try (0..<1_000).map { _ in
      try test.client.submit(
        operation: "account.credit", parameters: .success([:]), options: .success([:]), delivery: .wait)
    }
    for id in ids { #expect(try test.client.wait(id, timeoutMilliseconds: -1).result == .unavailable) }
    #expect(test.log.count <= 1_200)
    try test.client.destroy()
  }
}
