import AkoolCore
import Testing

@testable import AkoolSimulator

@Suite struct KnowledgeTests {
  private func create(_ scene: Scene, _ body: JSON) -> Received {
    scene.send("POST", "/api/open/v4/knowledge/create", body: body)
  }

  @Test func livesFromCreateToDelete() throws {
    let scene = try Scene()
    let made = create(scene, ["name": "Hours", "prologue": "Hello", "urls": ["https://example.com"]])
    #expect(made.code == 1000 && made.data?["from"] == 2)
    let id = made.text("/data/_id")
    let update: JSON = ["id": .string(id), "prologue": "", "prompt": "Be brief.", "urls": ["https://example.org"]]
    let changed = scene.send("POST", "/api/open/v4/knowledge/update", body: update)
    #expect(changed.data?["prologue"] == "" && changed.data?["name"] == "Hours")
    #expect(changed.data?["urls"] == ["https://example.org"])
    #expect(scene.send("GET", "/api/open/v4/knowledge/detail?id=\(id)").data == changed.data)
    let list = scene.send("GET", "/api/open/v4/knowledge/list").data
    #expect(list?[0]?["_id"] == .string(id), "the newest comes first")
    let deleted = scene.send("DELETE", "/api/open/v4/knowledge/delete", body: ["id": .string(id)])
    #expect(deleted.json == ["code": 1000, "msg": "OK"])
    #expect(scene.send("GET", "/api/open/v4/knowledge/detail?id=\(id)").code == 1232)
    #expect(scene.send("DELETE", "/api/open/v4/knowledge/delete", body: ["id": .string(id)]).code == 1232)
  }

  @Test func namesAreUnique() throws {
    let scene = try Scene()
    let first = create(scene, ["name": "a"]).text("/data/_id")
    #expect(create(scene, ["name": "a"]).code == 1233)
    let second = create(scene, ["name": "b"]).text("/data/_id")
    let taken: JSON = ["id": .string(second), "name": "a"]
    #expect(scene.send("POST", "/api/open/v4/knowledge/update", body: taken).code == 1233)
    #expect(
      scene.send("POST", "/api/open/v4/knowledge/update", body: ["id": .string(first), "name": "a"]).code == 1000)
  }

  @Test(
    arguments: [
      ["name": .string(String(repeating: "é", count: 101))],
      ["prologue": .string(String(repeating: "é", count: 2_001))],
      ["prompt": .string(String(repeating: "é", count: 10_001))], ["name": 7], ["docs": [["size": 104_857_601]]],
      ["docs": .array(Array(repeating: ["size": 104_857_600], count: 6))], ["docs": ["a"]], ["urls": [1]],
    ] as [JSON])
  func wrongParametersAre1003(_ body: JSON) throws {
    #expect(create(try Scene(), body).code == 1003)
  }

  @Test func akoolsOwnCanBeReadOnly() throws {
    let scene = try Scene()
    let own = scene.send("GET", "/api/open/v4/knowledge/list?from=1").data?[0]
    let id = own?["_id"] ?? .null
    #expect(scene.send("POST", "/api/open/v4/knowledge/update", body: ["id": id, "name": "mine"]).code == 1009)
    #expect(scene.send("DELETE", "/api/open/v4/knowledge/delete", body: ["id": id]).code == 1009)
  }

  @Test func pagesAndShapes() throws {
    let scene = try Scene()
    for number in 0..<12 { _ = create(scene, ["name": .string("kb\(number)")]) }
    #expect(scene.send("GET", "/api/open/v4/knowledge/list").data?.array?.count == 10)
    #expect(scene.send("GET", "/api/open/v4/knowledge/list?page=2").data?.array?.count == 3)
    #expect(scene.send("GET", "/api/open/v4/knowledge/list?size=101").code == 1003)
    #expect(scene.send("GET", "/api/open/v4/knowledge/list?name=kb1&size=100").data?.array?.count == 3)
    scene.change(["knowledge_list_shape": "wrapped", "knowledge_list_short": true])
    let wrapped = scene.send("GET", "/api/open/v4/knowledge/list").data?["knowledge_list"]
    #expect(wrapped?.array?.count == 10 && wrapped?[0]?["prologue"] == nil)
  }
}
