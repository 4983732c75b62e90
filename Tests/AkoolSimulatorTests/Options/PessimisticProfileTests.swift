import AkoolCore
import AkoolSimulator
import Testing

/// The life of a session as a client meets it at its worst.
@Suite struct PessimisticProfileTests {
  @Test func everythingTakesItsTime() throws {
    let scene = try Scene(["profile": "pessimistic"])
    let id = scene.open()
    #expect(scene.sessions().json.value(at: "/data/count") == 0)
    scene.advance(30)
    #expect(scene.detail(id).data?["status"] == 1)
    #expect(scene.detail(id).data?["stream_type"] == nil)
    #expect(scene.close(id).json == ["code": 1000, "msg": "ok"])
    #expect(scene.detail(id).data?["status"] == 1)
    scene.advance(3)
    #expect(scene.detail(id).data?["status"] == 3)
    #expect(scene.detail(id).data?["credentials"] == nil)
    #expect(scene.sessions("status=3").json.value(at: "/data/count") == 0)
    #expect(scene.credit == 5940)
    #expect(scene.close(id).json == ["code": 1216, "msg": "the session has been closed", "data": .null])
    scene.advance(20)
    #expect(scene.credit == 5994)
    #expect(scene.sessions("status=3").json.value(at: "/data/count") == 1)
  }

  @Test func aSecondCreateSucceedsAndCosts() throws {
    let scene = try Scene(["profile": "pessimistic"])
    for _ in 0..<5 { #expect(scene.createSession().code == 1000) }
    #expect(scene.createSession().code == 1006)
    #expect(scene.books["charged"] == 300)
  }

  @Test func anUploadIsAnArrayAndBusyAfterwards() throws {
    let scene = try Scene(["profile": "pessimistic"])
    let id = scene.createAvatar().text("/data/0/_id")
    scene.advance(124)
    #expect(scene.avatarStatus(id) == 2)
    scene.advance(1)
    #expect(scene.avatarStatus(id) == 3)
    let session = scene.open("myAvatar")
    scene.advance(2)
    scene.close(session)
    scene.advance(7)
    #expect(scene.createSession(["avatar_id": "myAvatar"]).code == 1218)
    scene.advance(1)
    #expect(scene.createSession(["avatar_id": "myAvatar"]).code == 1000)
  }
}
