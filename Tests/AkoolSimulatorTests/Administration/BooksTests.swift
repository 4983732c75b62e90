import AkoolCore
import AkoolSimulator
import Testing

@Suite struct BooksTests {
  @Test func theyShowEverySession() throws {
    let scene = try Scene(["credit": 1000, "credit_per_second": 1])
    let id = scene.open(duration: 600)
    scene.advance(10)
    scene.close(id)
    let books = scene.books
    #expect(books["initial_credit"] == 1000)
    #expect(books["credit"] == 990)
    #expect(books["charged"] == 600)
    #expect(books["refunded"] == 590)
    #expect(books["open_sessions"] == 0)
    let expected: JSON = [
      "_id": .string(id), "avatar_id": .string(Scene.avatar), "uid": 100_010, "by": "client",
      "opened_at": .integer(Scene.start), "duration": 600, "status": 3, "open": false, "request": 1,
      "close_requested_at": .integer(Scene.start + 10_000), "close_request": 2,
      "closed_at": .integer(Scene.start + 10_000), "end_reason": "closed", "charged": 600, "refunded": 590,
      "refund_pending": 0,
    ]
    #expect(books["sessions"]?[0] == expected)
  }

  @Test func theyShowEveryAccount() throws {
    let scene = try Scene(["accounts": [["uid": 7, "api_key": "other", "credit": 5]]])
    #expect(
      scene.books["accounts"] == [
        ["uid": 100_010, "credit": 6000, "initial_credit": 6000, "charged": 0, "refunded": 0],
        ["uid": 7, "credit": 5, "initial_credit": 5, "charged": 0, "refunded": 0],
      ])
  }

  @Test func theyShowEveryAvatar() throws {
    let scene = try Scene()
    scene.createAvatar()
    _ = scene.open()
    let avatars = scene.books["avatars"] ?? .null
    #expect(avatars.array?.count == 12)
    #expect(avatars[0]?["occupied"] == true)
    #expect(avatars[0]?["open_sessions"] == 1)
    #expect(avatars[11]?["avatar_id"] == "myAvatar")
    #expect(avatars[11]?["status"] == 1)
  }

  @Test func aForeignClientCanOpenAndClose() throws {
    let scene = try Scene()
    let opened = scene.admin("POST", "session", ["avatar_id": .string(Scene.avatar), "duration": 100])
    let id = try #require(opened["_id"]?.string)
    #expect(scene.books.value(at: "/sessions/0/by") == "foreign")
    #expect(scene.books["charged"] == 10)
    #expect(scene.detail(id).code == 1000)
    #expect(scene.createSession().code == 1215)
    #expect(scene.admin("DELETE", "session?id=\(id)")["status"] == 3)
    #expect(scene.books.value(at: "/sessions/0/end_reason") == "closed_by_foreign")
    #expect(scene.books["refunded"] == 10)
  }

  @Test func aForeignClientCanCloseOurs() throws {
    let scene = try Scene()
    let id = scene.open()
    scene.admin("DELETE", "session?id=\(id)")
    #expect(scene.detail(id).data?["status"] == 3)
    #expect(scene.close(id).code == 1219)
  }

  @Test func aStrangerOccupiesWithoutPaying() throws {
    let scene = try Scene()
    scene.admin("POST", "session", ["avatar_id": .string(Scene.avatar), "uid": 42])
    #expect(scene.books["charged"] == 0)
    #expect(scene.books["open_sessions"] == 1)
    #expect(scene.sessions().json.value(at: "/data/count") == 0)
    #expect(scene.createSession().code == 1215)
    scene.advance(600)
    #expect(scene.createSession().code == 1000)
  }

  @Test func aForeignClientIsRefusedLikeAnyOther() throws {
    let scene = try Scene()
    _ = scene.open()
    #expect(scene.admin("POST", "session", ["avatar_id": .string(Scene.avatar)])["code"] == 1215)
    #expect(scene.admin("POST", "session", ["avatar_id": "nobody"])["code"] == 1008)
    #expect(scene.admin("POST", "session", [:])["code"] == 1003)
    #expect(scene.admin("DELETE", "session?id=nobody")["code"] == 1216)
  }
}
