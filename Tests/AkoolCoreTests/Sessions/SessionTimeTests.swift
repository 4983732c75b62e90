import AkoolCore
import Testing

/// What the passing of time does to sessions.
@Suite(.timeLimit(.minutes(1))) struct SessionTimeTests {
  @Test func warnsTwiceAndClosesWhenThePaidTimeIsOver() throws {
    let scene = try SessionScene()
    let id = try scene.create(options: ["tag": "desk-4"])
    let first = try scene.event("session.expiring", within: 45)
    #expect(first?["id"]?.string == id && first?["tag"] == "desk-4")
    #expect((59...60).contains(first?["seconds_left"]?.integer ?? 0))
    let second = try scene.event("session.expiring", within: 35)
    #expect((29...30).contains(second?["seconds_left"]?.integer ?? 0))
    let end = try scene.event("session.ended", within: 40)
    #expect(end?["reason"] == "expired" && end?["seconds_used"] == 100 && end?["seconds_refunded"] == 0)
    #expect(scene.service.openIDs.isEmpty)
    try scene.test.client.destroy()
  }

  @Test func heartbeatsKeepASessionAndTheirAbsenceEndsIt() throws {
    let scene = try SessionScene()
    let id = try scene.create(["heartbeat_timeout_ms": 5_000])
    for _ in 0..<4 {
      #expect(try scene.hasNo("session.ended", for: 3))
      let reply = try scene.test.data("session.heartbeat", ["id": .string(id)])
      #expect(reply["heartbeat_timeout_ms"] == 5_000)
    }
    let end = try scene.event("session.ended", within: 10)
    #expect(end?["id"]?.string == id && end?["reason"] == "abandoned")
    #expect(try scene.test.error("session.heartbeat", ["id": .string(id)])["code"] == "NOT_FOUND")
    #expect(try scene.test.error("session.heartbeat", ["id": "typo"])["code"] == "NOT_FOUND")
    #expect(scene.test.log.matching("/create").allSatisfy { $0.json["heartbeat_timeout_ms"] == nil })
    try scene.test.client.destroy()
  }

  @Test func aSuccessorIsOpenBeforeTheOldOneEnds() throws {
    let scene = try SessionScene()
    let old = try scene.create()
    let plan = try scene.test.data(
      "session.handover", ["id": .string(old), "lead_ms": 20_000, "overlap_ms": 3_000, "create": ["duration": 200]])
    #expect(plan["_id"]?.string == old)
    let ready = try scene.event("session.handover_ready", within: 90)
    #expect(ready?["replaces"]?.string == old)
    let new = try #require(ready?["id"]?.string)
    #expect(ready?["join"]?["transport"] == "agora" && new != old)
    #expect(scene.service.openIDs == [old, new])
    let end = try scene.event("session.ended", within: 10)
    #expect(end?["id"]?.string == old && end?["reason"] == "closed")
    #expect(scene.service.openIDs == [new])
    #expect(scene.test.log.matching("/create").last?.json["duration"] == 200)
    try scene.test.client.destroy()
  }

  @Test func anAvatarThatServesOneSessionIsSetFreeFirst() throws {
    let scene = try SessionScene()
    let old = try scene.create()
    scene.service.next("/create", Answer.no(1215))
    _ = try scene.test.data("session.handover", ["id": .string(old), "lead_ms": 20_000])
    let ready = try scene.event("session.handover_ready", within: 90)
    #expect(ready?["replaces"]?.string == old)
    #expect(scene.service.openIDs == [ready?["id"]?.string])
    try scene.test.client.destroy()
  }

  @Test func aSuccessorThatCannotBeIsTold() throws {
    let scene = try SessionScene()
    let old = try scene.create()
    _ = try scene.test.data("session.handover", ["id": .string(old), "lead_ms": 20_000])
    scene.service.next("/create", Answer.no(1104))
    let failed = try scene.event("session.handover_failed", within: 90)
    #expect(failed?["id"]?.string == old && failed?["code"] == "QUOTA_EXCEEDED")
    #expect(scene.service.openIDs == [old])
    try scene.test.client.destroy()
  }

  @Test func aHandoverIsCheckedWhenItIsAskedFor() throws {
    let scene = try SessionScene()
    let id = try scene.create()
    #expect(try scene.test.error("session.handover", ["id": "typo"])["code"] == "NOT_FOUND")
    let wrong: JSON = ["id": .string(id), "create": ["duration": 4_000]]
    let error = try scene.test.error("session.handover", wrong)
    #expect(error["code"] == "INVALID_ARGUMENT" && error["message"]?.string?.contains("duration") == true)
    try scene.test.client.destroy()
  }
}
