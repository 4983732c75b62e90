import AkoolCore
import AkoolSimulator
import Testing

@Suite struct OccupancyTests {
  @Test func anAvatarServesOneSessionAtATime() throws {
    let scene = try Scene()
    let id = scene.open()
    #expect(scene.createSession().code == 1215)
    #expect(scene.createSession(["avatar_id": "dvp_Emma_agora"]).code == 1000)
    scene.close(id)
    #expect(scene.createSession().code == 1000)
  }

  @Test func theBusyCodeIsASwitch() throws {
    let scene = try Scene(["busy_code": 1214])
    _ = scene.open()
    #expect(scene.createSession().code == 1214)
  }

  @Test func anAvatarCanStayBusyAfterwards() throws {
    let scene = try Scene(["busy_after_close_s": 5])
    scene.close(scene.open())
    #expect(scene.createSession().code == 1215)
    scene.advance(4)
    #expect(scene.createSession().code == 1215)
    scene.advance(1)
    #expect(scene.createSession().code == 1000)
  }

  @Test func officialAvatarsCanBeShared() throws {
    let scene = try Scene(["official_avatars_shared": true])
    scene.createAvatar()
    scene.advance(35)
    #expect(scene.createSession().code == 1000)
    #expect(scene.createSession().code == 1000)
    #expect(scene.createSession(["avatar_id": "myAvatar"]).code == 1000)
    #expect(scene.createSession(["avatar_id": "myAvatar"]).code == 1215)
  }

  @Test func othersOccupyOfficialAvatarsToo() throws {
    let scene = try Scene(["accounts": [["uid": 7, "api_key": "other"]]])
    scene.createSession(["avatar_id": .string(Scene.avatar)], headers: [HTTPHeader("x-api-key", "other")])
    #expect(scene.createSession().code == 1215)
  }

  @Test func strangersCanHoldAnAvatarForGood() throws {
    let scene = try Scene(["occupied_avatars": [.string(Scene.avatar)], "official_avatars_shared": true])
    #expect(scene.createSession().code == 1215)
    scene.change(["occupied_avatars": []])
    #expect(scene.createSession().code == 1000)
  }

  @Test func accountsCanHaveALimit() throws {
    let scene = try Scene(["concurrency_limit": 2, "official_avatars_shared": true])
    let id = scene.open()
    _ = scene.open()
    #expect(scene.createSession().code == 1006)
    scene.close(id)
    #expect(scene.createSession().code == 1000)
    scene.change(["concurrency_limit_code": 1005])
    #expect(scene.createSession().code == 1005)
  }
}
