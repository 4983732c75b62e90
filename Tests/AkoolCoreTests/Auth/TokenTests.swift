import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct TokenTests {
  private static let client: JSON = ["api_key": .null, "client_id": "the-id", "client_secret": "the-secret"]

  private func client(
    _ clock: ManualClock? = nil, _ script: @escaping ScriptedTransport.Script
  ) throws -> TestClient {
    try TestClient(Self.client, clock: clock, script)
  }

  @Test func exchangesIDAndSecretOnceForManyCalls() throws {
    let test = try client { request, _ in
      request.url.hasSuffix("/getToken") ? .later(20, .json(["code": 1000, "token": "tok"])) : Answer.ok(["credit": 1])
    }
    let ids = try (0..<20).map { _ in
      try test.client.submit(
        operation: "account.credit", parameters: .success([:]), options: .success([:]), delivery: .wait)
    }
    for id in ids { #expect(try test.client.wait(id, timeoutMilliseconds: -1).result == .ok) }
    let mints = test.log.matching("/getToken")
    #expect(mints.count == 1)
    #expect(mints[0].json == ["clientId": "the-id", "clientSecret": "the-secret"])
    #expect(mints[0].header("authorization") == nil && mints[0].header("x-api-key") == nil)
    #expect(
      test.log.matching("/quota").allSatisfy {
        $0.header("authorization") == "Bearer tok" && $0.header("x-api-key") == nil
      })
    try test.client.destroy()
  }

  @Test func replacesARefusedTokenOnce() throws {
    let test = try client { request, _ in
      if request.url.hasSuffix("/getToken") { return .json(["code": 1000, "data": ["token": "fresh"]]) }
      return Answer.no(1101)
    }
    #expect(try test.error("account.credit")["code"] == "UNAUTHENTICATED")
    #expect(test.log.matching("/getToken").count == 2)
    #expect(test.log.matching("/quota").count == 2)
    try test.client.destroy()
  }

  @Test func aCancelledCallDoesNotTakeTheTokenFromTheOthers() throws {
    let test = try client { request, _ in
      request.url.hasSuffix("/getToken") ? .later(50, .json(["code": 1000, "token": "tok"])) : Answer.ok(["credit": 1])
    }
    let ids = try (0..<2).map { _ in
      try test.client.submit(
        operation: "account.credit", parameters: .success([:]), options: .success([:]), delivery: .wait)
    }
    test.client.cancel(ids[0])
    #expect(try test.client.wait(ids[0], timeoutMilliseconds: -1).result == .cancelled)
    #expect(try test.client.wait(ids[1], timeoutMilliseconds: -1).result == .ok)
    #expect(test.log.matching("/getToken").count == 1)
    try test.client.destroy()
  }

  @Test func aRefusedSecretEndsTheCall() throws {
    let test = try client { _, _ in Answer.no(1101, "invalid authorization") }
    #expect(try test.error("account.credit")["code"] == "UNAUTHENTICATED")
    #expect(test.log.count == 1)
    try test.client.destroy()
  }

  @Test func aTokenIsReplacedBeforeItEnds() throws {
    // {"exp":61} one second after the margin of a minute, on a server whose clock says 1970.
    let token = "e30.eyJleHAiOjYxfQ.sig"
    let date = [HTTPHeader("date", "Thu, 01 Jan 1970 00:00:00 GMT")]
    let clock = ManualClock()
    let test = try client(clock) { request, _ in
      request.url.hasSuffix("/getToken")
        ? .json(["code": 1000, "token": .string(token)], headers: date) : Answer.ok(["credit": 1])
    }
    _ = try test.data("account.credit")
    _ = try test.data("account.credit")
    #expect(test.log.matching("/getToken").count == 1)
    clock.advance(milliseconds: 2_000)
    _ = try test.data("account.credit")
    #expect(test.log.matching("/getToken").count == 2)
    let refreshes = try test.events().filter { $0["type"] == "auth.token_refreshed" }
    #expect(refreshes.last?["expires_at"] == 61_000)
    try test.client.destroy()
  }

  @Test func aTokenThatNobodyCanReadIsReplacedWithinTheHour() throws {
    let clock = ManualClock()
    let test = try client(clock) { request, _ in
      request.url.hasSuffix("/getToken") ? .json(["code": 1000, "token": "opaque"]) : Answer.ok(["credit": 1])
    }
    for minutes in [0, 54, 2] as [Int64] {
      clock.advance(milliseconds: minutes * 60_000)
      _ = try test.data("account.credit")
    }
    #expect(test.log.matching("/getToken").count == 2)
    try test.client.destroy()
  }
}
