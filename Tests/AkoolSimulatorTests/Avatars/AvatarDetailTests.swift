import AkoolCore
import AkoolSimulator
import Testing

@Suite struct AvatarDetailTests {
  private let v3 = "/api/open/v3/avatar/detail"
  private let v4 = "/api/open/v4/liveAvatar/avatar/detail"

  @Test func theV3RecordComesInAnArray() throws {
    let scene = try Scene()
    let id = scene.createAvatar().text("/data/_id")
    let record = try #require(scene.send("GET", "\(v3)?id=\(id)").json.value(at: "/data/0")?.object)
    #expect(record.keys == ["_id", "uid", "type", "from", "status", "name", "url"])
    #expect(record["_id"] == .string(id))
  }

  @Test func officialRecordsAreReady() throws {
    #expect(try Scene().avatarStatus("67498e55cd053926b2e75cf2") == 3)
  }

  @Test func theV4DetailHasAPlatformAndNoStatus() throws {
    let scene = try Scene()
    let received = scene.send("GET", "\(v4)?avatar_id=\(Scene.avatar)")
    #expect(received.text("/data/platform") == "open")
    #expect(received.data?["status"] == nil)
    #expect(received.data?["available"] == nil)
    #expect(received.text("/data/voice_id") == "iP95p4xoKVk53GoZ742B")
    scene.change(["avatar_detail_has_available": true])
    #expect(scene.send("GET", "\(v4)?avatar_id=\(Scene.avatar)").data?["available"] == true)
  }

  @Test func unknownAvatarsHaveACode() throws {
    let scene = try Scene()
    for target in [v3 + "?id=666d3006247f07725af0f884", v4 + "?avatar_id=nobody", v4 + "?avatar_id=Kai_1080P_back"] {
      #expect(scene.send("GET", target).code == 1008)
    }
    scene.change(["unknown_avatar_code": 1014])
    #expect(scene.send("GET", v4 + "?avatar_id=nobody").code == 1014)
  }

  @Test func withoutAnIDItIs1003() throws {
    let scene = try Scene()
    for target in [v3, v3 + "?id=", v4, v4 + "?id=x"] { #expect(scene.send("GET", target).code == 1003) }
  }
}
