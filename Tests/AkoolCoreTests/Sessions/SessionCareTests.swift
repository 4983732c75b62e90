import AkoolCore
import Testing

/// Verified closing, and closing of many sessions.
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
}
