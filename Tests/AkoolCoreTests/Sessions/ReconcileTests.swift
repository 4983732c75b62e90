import AkoolCore
import Testing

/// Creates whose reply is lost: one session for the caller, and no surplus.
@Suite(.timeLimit(.minutes(1))) struct ReconcileTests {
  private static var lost: ScriptedTransport.Step { .fail(.broken, .maybeSent) }
  private static let room: JSON = ["agora_uid": 1, "agora_channel": "my-room", "agora_token": "t"]

  private func reconciled(_ scene: SessionScene) throws -> JSON? { try scene.event("session.reconciled", within: 80) }

  @Test func whatIsCertainlyTheCallersIsHandedOver() throws {
    let scene = try SessionScene()
    scene.service.next("/create", Self.lost)
    let id = scene.service.open(room: "my-room")
    let stranger = scene.service.open(room: "another-room")
    let reply = try scene.call("session.create", ["avatar_id": "a", "credentials": Self.room])
    #expect(reply.json.value(at: "/data/_id")?.string == id)
    #expect(try reconciled(scene)?["outcome"] == "adopted")
    #expect(scene.test.log.matching("/create").count == 1)
    try scene.test.client.destroy()
    #expect(scene.service.openIDs == [stranger])
  }

  @Test(arguments: ["ledger", "exclusive"])
  func onAnAccountOfOurOwnTheLostOneIsClosedAndAnotherOpened(_ account: String) throws {
    let scene = try SessionScene(["account": .string(account)])
    scene.service.next("/create", Self.lost)
    let lost = scene.service.open()
    let reply = try scene.call("session.create", ["avatar_id": "a"])
    let id = try #require(reply.json.value(at: "/data/_id")?.string)
    #expect(id != lost && scene.service.openIDs == [id])
    let event = try reconciled(scene)
    #expect(event?["outcome"] == "closed" && event?["ids"] == [.string(lost)])
    try scene.test.client.destroy()
  }

  /// The very first request is the one that is lost: until then nothing tells what time it is at AKOOL's.
  @Test(arguments: [-10_800_000, 10_800_000] as [Int64])
  func aWrongCalendarOfOursHidesNoSession(_ ahead: Int64) throws {
    let scene = try SessionScene(["account": "exclusive"], serverAhead: ahead)
    scene.service.next("/create", Self.lost)
    let lost = scene.service.open()
    let reply = try scene.call("session.create", ["avatar_id": "a"])
    let id = try #require(reply.json.value(at: "/data/_id")?.string)
    #expect(id != lost && scene.service.openIDs == [id])
    try scene.test.client.destroy()
  }

  @Test func onAnAccountOfOurOwnNothingLostMeansAnother() throws {
    let scene = try SessionScene(["account": "exclusive"])
    scene.service.next("/create", Self.lost)
    let reply = try scene.call("session.create", ["avatar_id": "a"])
    let id = try #require(reply.json.value(at: "/data/_id")?.string)
    #expect(scene.service.openIDs == [id])
    #expect(scene.test.log.matching("/create").count == 2)
    #expect(try reconciled(scene)?["outcome"] == "none")
    try scene.test.client.destroy()
  }

  @Test func onASharedAccountNothingIsTouchedAndTheCandidatesAreTold() throws {
    let scene = try SessionScene()
    scene.service.next("/create", Self.lost)
    let candidate = scene.service.open()
    let error = try #require(try scene.call("session.create", ["avatar_id": "a"]).json["error"])
    #expect(error["code"] == "OUTCOME_UNKNOWN" && error["retryable"] == false)
    #expect(error["details"]?["candidates"]?[0]?["_id"]?.string == candidate)
    let event = try reconciled(scene)
    #expect(event?["outcome"] == "candidates" && event?["ids"] == [.string(candidate)])
    try scene.test.client.destroy()
    #expect(scene.service.openIDs == [candidate])
    #expect(scene.test.log.matching("/close").isEmpty && scene.test.log.matching("/create").count == 1)
  }

  @Test func sessionsFromBeforeTheCreateAreNoCandidates() throws {
    let scene = try SessionScene(jumps: true)
    scene.service.open()
    try scene.advance(milliseconds: 60_000)
    scene.service.next("/create", Self.lost)
    let error = try scene.test.error("session.create", ["avatar_id": "a"])
    #expect(error["code"] == "OUTCOME_UNKNOWN" && error["details"]?["candidates"] == [])
    try scene.test.client.destroy()
  }

  @Test func whatAppearsLateIsClosedAllTheSame() throws {
    let scene = try SessionScene(["account": "exclusive"])
    scene.service.next("/create", Self.lost)
    let reply = try scene.call("session.create", ["avatar_id": "a"])
    let id = try #require(reply.json.value(at: "/data/_id")?.string)
    let late = scene.service.open()
    let event = try reconciled(scene)
    #expect(event?["outcome"] == "closed" && event?["ids"] == [.string(late)])
    _ = try scene.event("session.ended", within: 10)
    #expect(scene.service.openIDs == [id])
    try scene.test.client.destroy()
  }

  @Test func aCreateThatIsCancelledAtOnceLeavesNothingOpen() throws {
    let scene = try SessionScene()
    var kept: Set<String> = []
    for _ in 0..<300 {
      let request = try scene.test.client.submit(
        operation: "session.create", parameters: .success(["avatar_id": "a"]), options: .success([:]), delivery: .wait)
      scene.test.client.cancel(request)
      let reply = try scene.reply(request)
      if let id = reply.json.value(at: "/data/_id")?.string { kept.insert(id) }
    }
    while try scene.test.data("client.stats")["closing_sessions"] != 0 { scene.clock.advance(milliseconds: 50) }
    #expect(Set(scene.service.openIDs) == kept)
    try scene.test.client.destroy()
  }

  @Test func aCreateThatWasCancelledIsLookedFor() throws {
    let scene = try SessionScene(["account": "exclusive"])
    scene.service.next("/create", .later(1_000, Self.lost))
    let request = try scene.test.client.submit(
      operation: "session.create", parameters: .success(["avatar_id": "a"]), options: .success([:]), delivery: .wait)
    while scene.test.log.matching("/create").isEmpty { _ = try scene.test.client.call("client.stats") }
    let surplus = scene.service.open()
    scene.test.client.cancel(request)
    let reply = try scene.test.client.wait(request, timeoutMilliseconds: 10_000)
    #expect(reply.result == .cancelled && reply.json.value(at: "/error/details/outcome") == "unknown")
    #expect(try reconciled(scene)?["ids"] == [.string(surplus)])
    _ = try scene.event("session.ended", within: 10)
    #expect(scene.service.openIDs.isEmpty)
    try scene.test.client.destroy()
  }
}
