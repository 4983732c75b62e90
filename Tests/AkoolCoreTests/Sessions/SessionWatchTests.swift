import AkoolCore
import Testing

/// Watching: what happens to sessions without our doing.
@Suite(.timeLimit(.minutes(1))) struct SessionWatchTests {
  @Test(arguments: [1, 3, 250]) func aSessionThatEndsIsNoticed(_ count: Int) throws {
    let scene = try SessionScene()
    let ids = (0..<count).map { _ in scene.service.open() }
    scene.clock.advance(milliseconds: 60_000)
    #expect(
      try scene.test.data("session.watch", ["ids": .array(ids.map(JSON.string))])["watched"]?.integer == Int64(count))
    _ = try scene.event("session.state_changed", within: 30)
    scene.service.end(ids[count / 2])
    let end = try scene.event("session.ended", within: 60)
    #expect(end?["id"]?.string == ids[count / 2] && end?["reason"] == "remote")
    #expect(try scene.test.data("client.stats")["watched_sessions"]?.integer == Int64(count - 1))
    #expect(try scene.test.data("session.unwatch")["watched"] == 0)
    try scene.test.client.destroy()
    #expect(scene.service.openIDs.count == count - 1)
  }

  @Test func aSessionOfOursThatFailsIsOver() throws {
    let scene = try SessionScene()
    let id = try scene.create()
    _ = try scene.test.data("session.watch", ["ids": [.string(id)]])
    scene.service.end(id, status: 4)
    let end = try scene.event("session.ended", within: 40)
    #expect(end?["id"]?.string == id && end?["reason"] == "failed" && end?["estimated"] == true)
    try scene.test.client.destroy()
    #expect(scene.test.log.matching("/close").isEmpty)
  }

  @Test func manySessionsTakeFewRequests() throws {
    let scene = try SessionScene()
    let ids = (0..<1_000).map { _ in scene.service.open() }
    scene.clock.advance(milliseconds: 60_000)
    _ = try scene.test.data("session.watch", ["ids": .array(ids.map(JSON.string))])
    let start = scene.clock.milliseconds
    _ = try scene.event("nothing", within: 60)
    let seconds = Double(scene.clock.milliseconds - start) / 1000
    let requests = scene.test.log.matching("/list").count + scene.test.log.matching("/detail").count
    #expect(Double(requests) <= seconds * 5 + 5 && scene.test.log.matching("/detail").isEmpty)
    try scene.test.client.destroy()
  }
}
