import AkoolCore
import Testing

/// Closing that is verified, closing of many, and what the ledger reports.
@Suite(.timeLimit(.minutes(1))) struct SessionCareTests {
  @Test func aCloseThatCannotBeSeenGoesOnUntilItIs() throws {
    let scene = try SessionScene()
    let id = try scene.create()
    for _ in 0..<3 { scene.service.next("/close", .fail(.broken, .maybeSent)) }
    let request = try scene.test.client.submit(
      operation: "session.close", parameters: .success(["id": .string(id)]), options: .success([:]), delivery: .wait)
    let pending = try scene.event("session.close_pending", within: 30)
    #expect(pending?["id"]?.string == id && pending?["code"] == "UNAVAILABLE")
    let reply = try scene.test.client.wait(request, timeoutMilliseconds: 10_000)
    #expect(reply.result == .unavailable)
    let end = try scene.event("session.ended", within: 30)
    #expect(end?["id"]?.string == id && end?["reason"] == "closed")
    #expect(scene.service.openIDs.isEmpty)
    try scene.test.client.destroy()
  }

  @Test func aServiceThatIsGoneIsGivenUpWhenThePaidTimeIsCertainlyOver() throws {
    let scene = try SessionScene(["max_attempts": 1], jumps: true)
    let id = try scene.create()
    for _ in 0..<200 { scene.service.next("/close", .fail(.connection, .notSent)) }
    _ = try scene.test.client.call("session.close", ["id": .string(id)])
    let end = try scene.event("session.ended", within: 5)
    #expect(end?["id"]?.string == id && end?["reason"] == "expired")
    try scene.test.client.destroy()
  }

  @Test func closeAllNeedsAScopeAndSaysBeforeItTouchesTheAccount() throws {
    let scene = try SessionScene()
    let ours = try [scene.create(), scene.create()]
    let foreign = scene.service.open()
    #expect(try scene.test.error("session.close_all")["code"] == "INVALID_ARGUMENT")
    #expect(
      try scene.test.error("session.close_all", ["scope": "mine", "ids": ["x"]])["code"] == "INVALID_ARGUMENT")
    let would = try scene.test.data("session.close_all", ["scope": "account"])["would_close"]?.array ?? []
    #expect(Set(would.compactMap { $0["_id"]?.string }) == Set(ours + [foreign]))
    #expect(scene.service.openIDs.count == 3)
    let mine = try scene.test.data("session.close_all", ["scope": "mine"])
    #expect(mine["closed"]?.array?.count == 2 && mine["pending"] == [])
    #expect(scene.service.openIDs == [foreign])
    let rest = try scene.test.data("session.close_all", ["scope": "account", "ids": [.string(foreign), "typo"]])
    #expect(rest["closed"] == [.string(foreign)] && rest["pending"] == ["typo"])
    #expect(scene.service.openIDs.isEmpty)
    try scene.test.client.destroy()
  }

  @Test func theLedgerReportsByDayAvatarTagAndOutcome() throws {
    let scene = try SessionScene(["credits_per_second": 0.5])
    let id = try scene.create(options: ["tag": "lobby"])
    scene.clock.advance(milliseconds: 9_500)
    _ = try scene.test.data("session.close", ["id": .string(id)])
    _ = try scene.create()
    let end = try scene.event("session.ended", within: 1)
    #expect(end?["seconds_used"] == 10 && end?["seconds_refunded"] == 90 && end?["credits_used"]?.double == 5)
    let report = try scene.test.data("ledger.report")
    #expect(report["durable"] == false && report["estimated"] == true)
    let rows = report["rows"]?.array ?? []
    #expect(rows.count == 2)
    let closed = rows.first { $0["outcome"] == "closed" }
    #expect(
      closed == [
        "day": "2026-01-01", "avatar_id": "a", "outcome": "closed", "tag": "lobby", "sessions": 1, "seconds_paid": 100,
        "seconds_used": 10, "seconds_refunded": 90, "seconds_recovered": 0,
      ])
    #expect(report["total"]?["sessions"] == 2 && report["total"]?["seconds_paid"] == 200)
    let later = JSON.integer(scene.clock.wallMilliseconds + 1)
    #expect(try scene.test.data("ledger.report", ["from": later, "to": later])["rows"] == [])
    try scene.test.client.destroy()
  }
}
