import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct KnowledgeTests {
  @Test(arguments: ["array", "knowledge_list", "result", "data"]) func theListHasOneShape(_ shape: String) throws {
    let test = try TestClient { _, _ in
      let list: JSON = [["_id": "k1", "name": "a"]]
      return Answer.ok(shape == "array" ? list : .object(JSONObject([(shape, list)])))
    }
    #expect(try test.data("knowledge.list") == ["result": [["_id": "k1", "name": "a"]]])
    try test.client.destroy()
  }

  @Test func limitsCountCharacters() throws {
    let test = try TestClient { _, _ in Answer.ok(["_id": "k1"]) }
    let fits: JSON = [
      "name": .string(String(repeating: "😀", count: 100)), "prologue": .string(String(repeating: "你", count: 2_000)),
      "prompt": .string(String(repeating: "é", count: 10_000)),
    ]
    #expect(try test.data("knowledge.create", fits)["_id"] == "k1")
    for (key, count) in [("name", 101), ("prologue", 2_001), ("prompt", 10_001)] {
      let long = JSON.string(String(repeating: "é", count: count))
      let message = try test.error("knowledge.create", .object(JSONObject([(key, long)])))["message"]?.string ?? ""
      #expect(message.hasPrefix("knowledge.create: \(key): has \(count) characters"))
    }
    #expect(test.log.count == 1)
    try test.client.destroy()
  }

  @Test func documentsHaveLimitsEachAndTogether() throws {
    let test = try TestClient { _, _ in Answer.ok(["_id": "k1"]) }
    func docs(_ sizes: [Int64]) -> JSON { ["docs": .array(sizes.map { ["size": .integer($0)] })] }
    let most: Int64 = 104_857_600
    _ = try test.data("knowledge.create", docs([most, most, most, most, most]))
    #expect(try test.error("knowledge.create", docs([most + 1]))["details"]?[0]?["field"] == "docs[0].size")
    let together = try test.error("knowledge.create", docs([most, most, most, most, most, 1]))
    #expect(together["message"]?.string?.contains("524288001 bytes together, at most 524288000") == true)
    #expect(test.log.count == 1)
    try test.client.destroy()
  }

  /// A repeat could make a second one.
  @Test func aLostCreateIsNotRepeated() throws {
    let test = try TestClient { _, _ in .fail(.broken, .maybeSent) }
    #expect(try test.error("knowledge.create", ["name": "a"])["code"] == "OUTCOME_UNKNOWN")
    #expect(test.log.count == 1)
    try test.client.destroy()
  }

  @Test func deletingWithALostReplySucceeds() throws {
    let test = try TestClient { _, number in number == 1 ? .fail(.broken, .maybeSent) : Answer.no(1232) }
    #expect(try test.data("knowledge.delete", ["id": "k1"]) == .null)
    #expect(test.log.all[1].json == ["id": "k1"])
    try test.client.destroy()
  }

  @Test func deletingTheUnknownIsNotFound() throws {
    let test = try TestClient { _, _ in Answer.no(1232) }
    #expect(try test.error("knowledge.delete", ["id": "k1"])["code"] == "NOT_FOUND")
    try test.client.destroy()
  }
}
