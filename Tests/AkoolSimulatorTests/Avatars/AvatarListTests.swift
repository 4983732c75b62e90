import AkoolCore
import AkoolSimulator
import Testing

@Suite struct AvatarListTests {
  private let v4 = "/api/open/v4/liveAvatar/avatar/list"
  private let v3 = "/api/open/v3/avatar/list"

  private func ids(_ received: Received, _ pointer: String = "/data/result") -> [String] {
    received.json.value(at: pointer)?.array?.compactMap { $0["avatar_id"]?.string } ?? []
  }

  @Test func theCatalogueHasEightStreamingAvatars() throws {
    let received = try Scene().send("GET", v4)
    #expect(received.json.value(at: "/data/count") == 8)
    #expect(ids(received).count == 8)
    #expect(ids(received).first == Scene.avatar)
    let first = try #require(received.json.value(at: "/data/result/0")?.object)
    #expect(
      first.keys == [
        "_id", "uid", "type", "from", "avatar_id", "voice_id", "name", "url", "thumbnailUrl", "gender", "available",
      ])
    #expect(first["available"] == true)
  }

  @Test func oneHasNoVoice() throws {
    let result = try Scene().send("GET", v4).json.value(at: "/data/result")?.array ?? []
    #expect(result.filter { $0["voice_id"] == nil }.count == 1)
  }

  @Test func pagesAreSlices() throws {
    let scene = try Scene()
    let all = ids(scene.send("GET", v4))
    #expect(ids(scene.send("GET", v4 + "?page=1&size=3")) == Array(all.prefix(3)))
    #expect(ids(scene.send("GET", v4 + "?page=3&size=3")) == Array(all.dropFirst(6)))
    #expect(scene.send("GET", v4 + "?page=3&size=3").json.value(at: "/data/count") == 8)
    #expect(scene.send("GET", v4 + "?page=4&size=3").json.value(at: "/data/result") == [])
    #expect(scene.send("GET", v4 + "?page=9223372036854775807&size=100").json.value(at: "/data/result") == [])
    #expect(ids(scene.send("GET", v4 + "?page=&size=")) == all)
  }

  @Test(arguments: ["page=0", "page=-1", "page=x", "size=0", "size=101", "platform=web", "page=99999999999999999999"])
  func aWrongQueryIs1003(query: String) throws {
    #expect(try Scene().send("GET", v4 + "?" + query).code == 1003)
  }

  @Test func theWebApplicationHasItsOwn() throws {
    #expect(ids(try Scene().send("GET", v4 + "?platform=aigc")) == ["SIMULATED_Gita_web"])
  }

  @Test func uploadsAppearWhenTheyAreReady() throws {
    let scene = try Scene()
    scene.createAvatar()
    #expect(!ids(scene.send("GET", v4)).contains("myAvatar"))
    scene.change(["unready_avatars_listed": true])
    #expect(ids(scene.send("GET", v4)).contains("myAvatar"))
    scene.change(["unready_avatars_listed": false])
    scene.advance(35)
    #expect(ids(scene.send("GET", v4)).contains("myAvatar"))
  }

  @Test func anOccupiedAvatarIsNotAvailable() throws {
    let scene = try Scene()
    _ = scene.open()
    #expect(scene.send("GET", v4).json.value(at: "/data/result/0/available") == false)
    scene.change(["available_tells_occupancy": false])
    #expect(scene.send("GET", v4).json.value(at: "/data/result/0/available") == true)
  }

  @Test func theV3ListIsABareArrayWithMore() throws {
    let scene = try Scene()
    let received = scene.send("GET", v3)
    #expect(ids(received, "/data").count == 11)
    #expect(
      received.json.value(at: "/data/0")?.object?.keys == [
        "name", "avatar_id", "url", "gender", "thumbnailUrl", "from",
      ])
    scene.change(["avatar_list_shape": "wrapped"])
    #expect(ids(scene.send("GET", v3)).count == 11)
  }

  @Test func theV3ListFilters() throws {
    let scene = try Scene()
    scene.createAvatar("talking", ["type": 1])
    #expect(ids(scene.send("GET", v3 + "?from=3"), "/data") == ["talking"])
    #expect(ids(scene.send("GET", v3 + "?type=1"), "/data") == ["Yasmin_in_White_shirt_20231121", "talking"])
    #expect(ids(scene.send("GET", v3 + "?type=2&from=2"), "/data").count == 10)
    #expect(scene.send("GET", v3 + "?from=4").code == 1003)
    #expect(scene.send("GET", v3 + "?type=0").code == 1003)
    #expect(ids(scene.send("GET", v3 + "?size=1000000"), "/data").count == 12)
  }

  @Test func othersUploadsAreNotSeen() throws {
    let scene = try Scene(["accounts": [["uid": 7, "api_key": "other"]]])
    let id = scene.createAvatar().text("/data/_id")
    scene.advance(35)
    let other = [HTTPHeader("x-api-key", "other")]
    #expect(!ids(scene.send("GET", v4, headers: other)).contains("myAvatar"))
    #expect(scene.send("GET", "/api/open/v3/avatar/detail?id=\(id)", headers: other).code == 1008)
    #expect(scene.createSession(["avatar_id": "myAvatar"], headers: other).code == 1008)
    #expect(scene.createSession(["avatar_id": "myAvatar"]).code == 1000)
  }
}

extension Scene {
  fileprivate func createAvatar(_ id: String, _ more: JSON) {
    createAvatar(id, url: "https://example.com/\(id).mp4", more)
  }
}
