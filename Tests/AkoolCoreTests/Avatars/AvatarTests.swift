import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct AvatarTests {
  private static let fast: JSON = ["polling": ["initial_ms": 1, "maximum_ms": 2]]

  @Test(
    arguments: [
      ("https://cdn.example.com/me.mp4", 1), ("https://www.youtube.com/watch?v=1", 2), ("https://youtu.be/1", 2),
      ("https://drive.google.com/file/1", 2), ("https://x.com/a/1", 2), ("https://notyoutube.com/1", 1),
      ("https://ex.com/youtube.com", 1),
    ] as [(String, Int64)])
  func fillsInTypeNameAndOrigin(_ url: String, _ from: Int64) throws {
    let test = try TestClient { _, _ in Answer.ok([["_id": "r1", "status": 1, "avatar_id": "Me1"]]) }
    let data = try test.data("avatar.create", ["url": .string(url), "avatar_id": "Me1"])
    #expect(data["_id"] == "r1" && data["state"] == "queueing")
    #expect(
      test.log.all[0].json == [
        "url": .string(url), "avatar_id": "Me1", "name": "Me1", "type": 2, "url_from": .integer(from),
      ])
    try test.client.destroy()
  }

  @Test(arguments: ["a_b", "a-b", "é", "", "a b"]) func refusesWrongIDs(_ id: String) throws {
    let test = try TestClient { _, _ in Answer.ok([:]) }
    let error = try test.error("avatar.create", ["url": "https://a.b/c", "avatar_id": .string(id)])
    #expect(error["message"]?.string?.contains("avatar_id") == true)
    #expect(test.log.count == 0)
    try test.client.destroy()
  }

  @Test func aLostReplyIsLookedUpAndNotReported() throws {
    let test = try TestClient { request, number in
      if request.url.hasSuffix("/create") { return number == 1 ? .fail(.broken, .maybeSent) : Answer.no(1222) }
      return request.url.contains("/v4/")
        ? Answer.ok(["_id": "r9", "avatar_id": "Me1"]) : Answer.ok([["_id": "r9", "status": 2]])
    }
    let data = try test.data("avatar.create", ["url": "https://a.b/c", "avatar_id": "Me1"])
    #expect(data["_id"] == "r9" && data["state"] == "processing")
    try test.client.destroy()
  }

  @Test func aTakenIDIsReported() throws {
    let test = try TestClient { _, _ in Answer.no(1222) }
    #expect(try test.error("avatar.create", ["url": "https://a.b/c", "avatar_id": "Me1"])["code"] == "ALREADY_EXISTS")
    try test.client.destroy()
  }

  @Test func waitsUntilReadyAndTellsTheStates() throws {
    let test = try TestClient(Self.fast) { _, number in
      Answer.ok([["_id": "r1", "status": .integer(number < 3 ? 1 : number < 5 ? 2 : 3)]])
    }
    #expect(try test.data("avatar.wait", ["id": "r1"])["state"] == "ready")
    let states = try test.events().filter { $0["type"] == "avatar.state_changed" }.map { $0["state"]?.string }
    #expect(states == ["queueing", "processing", "ready"])
    try test.client.destroy()
  }

  @Test func aFailedAvatarIsAnError() throws {
    let test = try TestClient(Self.fast) { _, _ in Answer.ok([["_id": "r1", "status": 4]]) }
    #expect(try test.error("avatar.wait", ["id": "r1"])["code"] == "REMOTE_FAILED")
    try test.client.destroy()
  }

  @Test func unknownStatusesAreWaitedThrough() throws {
    let test = try TestClient(Self.fast) { _, number in
      Answer.ok([["_id": "r1", "status": .integer(number < 3 ? 7 : 3)]])
    }
    #expect(try test.data("avatar.wait", ["id": "r1"])["state"] == "ready")
    try test.client.destroy()
  }

  @Test func anUnknownRecordIsNotFound() throws {
    let test = try TestClient { _, _ in Answer.ok([]) }
    #expect(try test.error("avatar.detail", ["id": "r1"])["code"] == "NOT_FOUND")
    #expect(try test.error("avatar.detail", ["id": "a", "avatar_id": "b"])["code"] == "INVALID_ARGUMENT")
    #expect(try test.error("avatar.detail")["code"] == "INVALID_ARGUMENT")
    try test.client.destroy()
  }
}
