import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct CatalogueTests {
  @Test func everyOperationIsDescribed() throws {
    let operations = try #require(Client.catalogue["operations"]?.array)
    #expect(operations.count == Catalogue.all.count && !operations.isEmpty)
    for operation in operations {
      #expect(operation["summary"]?.string?.isEmpty == false)
      #expect(operation["evidence"]?["source"]?.string?.isEmpty == false)
      #expect(operation["parameters"]?["type"] == "object")
    }
    #expect(Set(Catalogue.all.map(\.name)).count == Catalogue.all.count)
  }

  @Test func unknownOperationsNameTheNearest() throws {
    let test = try TestClient { _, _ in Answer.ok([:]) }
    let error = try test.error("session.craete")
    #expect(error["message"]?.string?.contains("session.create") == true)
    try test.client.destroy()
  }

  @Test func onlyReadsAreSentTwiceByTheGenericRequest() throws {
    let test = try TestClient { _, _ in .fail(.broken, .maybeSent) }
    #expect(try test.error("request", ["method": "POST", "path": "/api/unknown"])["code"] == "OUTCOME_UNKNOWN")
    #expect(test.log.count == 1)
    #expect(try test.error("request", ["method": "GET", "path": "/api/unknown"])["code"] == "UNAVAILABLE")
    #expect(test.log.count == 4)
    try test.client.destroy()
  }

  @Test(arguments: ["", "/", "?a=1", "//"]) func noPaidCreateThroughTheGenericRequest(_ dress: String) throws {
    let test = try TestClient { _, _ in Answer.ok([:]) }
    let path = "/api/open/v4/liveAvatar/session/create" + dress
    let error = try test.error("request", ["method": "POST", "path": .string(path), "body": ["avatar_id": "a"]])
    #expect(error["code"] == "INVALID_ARGUMENT")
    #expect(error["message"]?.string?.contains("session.create") == true)
    #expect(test.log.count == 0)
    try test.client.destroy()
  }

  @Test func queriesAreEncoded() throws {
    let test = try TestClient { _, _ in Answer.ok([:]) }
    _ = try test.data("request", ["method": "GET", "path": "/a", "query": ["q": "a b&c=é", "n": 2, "x": .null]])
    #expect(test.log.all[0].url == "https://service.example/a?q=a%20b%26c%3D%C3%A9&n=2")
    try test.client.destroy()
  }

  @Test func aQueryInThePathIsContinued() throws {
    let test = try TestClient { _, _ in Answer.ok([:]) }
    _ = try test.data("request", ["method": "GET", "path": "/a?b=1", "query": ["c": 2]])
    #expect(test.log.all[0].url == "https://service.example/a?b=1&c=2")
    try test.client.destroy()
  }

  @Test func rawKeepsTheUntouchedBody() throws {
    let test = try TestClient { _, _ in .json(["code": 1000, "data": ["credit": 3], "extra": "kept"]) }
    let reply = try test.client.call("account.credit", options: ["raw": true])
    #expect(reply.json["raw"] == ["code": 1000, "data": ["credit": 3], "extra": "kept"])
    try test.client.destroy()
  }

  @Test func listsHaveOneShape() throws {
    for data: JSON in [
      [["_id": "a", "status": 1]], ["count": 1, "result": [["_id": "a", "status": 1]]],
      ["data": [["_id": "a", "status": 1]]],
    ] {
      let test = try TestClient { _, _ in Answer.ok(data) }
      #expect(try test.data("session.list")["result"] == [["_id": "a", "status": 1, "state": "queueing"]])
      try test.client.destroy()
    }
  }
}
