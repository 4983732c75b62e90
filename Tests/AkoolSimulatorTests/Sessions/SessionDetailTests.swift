import AkoolCore
import AkoolSimulator
import Testing

@Suite struct SessionDetailTests {
  @Test func theStatusFollowsTheSession() throws {
    let scene = try Scene(["join_s": 2])
    let id = scene.open(duration: 60)
    #expect(scene.detail(id).data?["status"] == 1)
    scene.advance(2)
    #expect(scene.detail(id).data?["status"] == 2)
    scene.advance(57)
    #expect(scene.detail(id).data?["status"] == 2)
    scene.advance(1)
    #expect(scene.detail(id).data?["status"] == 3)
  }

  @Test func theStatusCanStayAtOne() throws {
    let scene = try Scene(["status_stays_queueing": true])
    let id = scene.open(duration: 60)
    scene.advance(59)
    #expect(scene.detail(id).data?["status"] == 1)
    scene.advance(1)
    #expect(scene.detail(id).data?["status"] == 3)
  }

  @Test func theRoomTokenIsOnlyInTheAnswerToCreate() throws {
    let scene = try Scene()
    let id = scene.open()
    #expect(scene.detail(id).data?["credentials"]?.object?.keys == ["agora_uid", "agora_app_id", "agora_channel"])
    scene.change(["detail_shows_join_token": true])
    #expect(scene.detail(id).data?["credentials"]?["agora_token"] != nil)
  }

  @Test func theTRTCSignatureIsHiddenToo() throws {
    let scene = try Scene()
    let id = scene.createSession(["avatar_id": .string(Scene.avatar), "stream_type": "trtc"]).text("/data/_id")
    #expect(scene.detail(id).data?["credentials"]?.object?.keys == ["trtc_app_id", "trtc_room_id", "trtc_user_id"])
  }

  @Test func credentialsOfEndedSessionsAreASwitch() throws {
    let scene = try Scene()
    let id = scene.open()
    scene.close(id)
    #expect(scene.detail(id).data?["credentials"] != nil)
    scene.change(["ended_sessions_show_credentials": false])
    #expect(scene.detail(id).data?["credentials"] == nil)
    #expect(scene.detail(scene.open()).data?["credentials"] != nil)
  }

  @Test func unknownSessionsHaveACode() throws {
    let scene = try Scene(["accounts": [["uid": 7, "api_key": "other"]]])
    #expect(scene.detail("666d3006247f07725af0f884").code == 1216)
    #expect(scene.detail("").code == 1003)
    let foreign = scene.createSession(
      ["avatar_id": .string(Scene.avatar)], headers: [HTTPHeader("x-api-key", "other")])
    #expect(scene.detail(foreign.text("/data/_id")).code == 1216)
    scene.change(["unknown_session_code": 1008])
    #expect(scene.detail("666d3006247f07725af0f884").code == 1008)
  }
}
