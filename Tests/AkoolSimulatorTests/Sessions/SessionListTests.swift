import AkoolCore
import AkoolSimulator
import Testing

@Suite struct SessionListTests {
  private func shared(_ options: JSON = [:]) throws -> Scene {
    var all = JSONObject([("official_avatars_shared", true)])
    all.merge(options.object ?? JSONObject())
    return try Scene(.object(all))
  }

  private func ids(_ received: Received, _ pointer: String = "/data/result") -> [String] {
    received.json.value(at: pointer)?.array?.compactMap { $0["_id"]?.string } ?? []
  }

  @Test func itIsNewestFirst() throws {
    let scene = try shared()
    let opened = (0..<5).map { _ in scene.open() }
    #expect(ids(scene.sessions()) == opened.reversed())
    #expect(scene.sessions().json.value(at: "/data/count") == 5)
    scene.change(["session_list_order": "oldest_first"])
    #expect(ids(scene.sessions()) == opened)
  }

  @Test func entriesAreLikeTheDetail() throws {
    let scene = try shared()
    let id = scene.open()
    #expect(scene.sessions().json.value(at: "/data/result/0") == scene.detail(id).data)
  }

  @Test func itFiltersByStatus() throws {
    let scene = try shared()
    let closed = scene.open()
    let open = scene.open()
    scene.close(closed)
    #expect(ids(scene.sessions("status=3")) == [closed])
    #expect(ids(scene.sessions("status=1")) == [open])
    #expect(scene.sessions("status=1").json.value(at: "/data/count") == 1)
    #expect(ids(scene.sessions("status=4")) == [])
    #expect(scene.sessions("status=5").code == 1003)
  }

  @Test func itHasPages() throws {
    let scene = try shared()
    let opened = (0..<7).map { _ in scene.open() }
    #expect(ids(scene.sessions("page=2&size=3")) == Array(opened.reversed().dropFirst(3).prefix(3)))
    #expect(ids(scene.sessions("page=3&size=3")).count == 1)
    #expect(ids(scene.sessions("page=4&size=3")).isEmpty)
    #expect(scene.sessions("page=4&size=3").json.value(at: "/data/count") == 7)
    for query in ["page=0", "size=0", "size=1.5"] { #expect(scene.sessions(query).code == 1003) }
  }

  @Test func theSizeCanBeCapped() throws {
    let scene = try shared(["credit": 100_000])
    for _ in 0..<120 { _ = scene.open() }
    #expect(ids(scene.sessions()).count == 100)
    #expect(ids(scene.sessions("size=500")).count == 120)
    scene.change(["list_size_cap": 50])
    #expect(ids(scene.sessions("size=500")).count == 50)
    #expect(ids(scene.sessions("size=500&page=3")).count == 20)
  }

  @Test func itCanLag() throws {
    let scene = try shared(["list_lag_s": 5])
    let id = scene.open()
    #expect(scene.sessions().json.value(at: "/data/count") == 0)
    scene.advance(4)
    #expect(ids(scene.sessions()) == [])
    scene.advance(1)
    #expect(ids(scene.sessions()) == [id])
    scene.close(id)
    #expect(scene.detail(id).data?["status"] == 3)
    #expect(ids(scene.sessions("status=3")) == [])
    scene.advance(5)
    #expect(ids(scene.sessions("status=3")) == [id])
  }

  @Test func itIsTheAccountsOwn() throws {
    let scene = try shared(["accounts": [["uid": 7, "api_key": "other"]]])
    _ = scene.open()
    let other = [HTTPHeader("x-api-key", "other")]
    #expect(
      scene.send("GET", "/api/open/v4/liveAvatar/session/list", headers: other).data == ["count": 0, "result": []])
  }

  @Test func itHasThreeShapes() throws {
    let scene = try shared(["session_list_shape": "data"])
    let id = scene.open()
    #expect(ids(scene.sessions(), "/data/data") == [id])
    scene.change(["session_list_shape": "array"])
    #expect(ids(scene.sessions(), "/data") == [id])
  }

  @Test func aListCanShowTheNewestOnlyAndCountWrongly() throws {
    let scene = try Scene(["official_avatars_shared": true, "list_newest_only": 2, "list_count_offset": -1])
    let ids = (0..<3).map { _ in scene.open() }
    let data = scene.sessions().data
    #expect(data?["result"]?.array?.compactMap { $0["_id"]?.string } == [ids[2], ids[1]])
    #expect(data?["count"] == 1)
  }
}
