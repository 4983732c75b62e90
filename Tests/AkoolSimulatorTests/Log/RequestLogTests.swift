import AkoolCore
import AkoolSimulator
import Testing

@Suite struct RequestLogTests {
  @Test func aLineTellsTheRequestAndItsOutcome() throws {
    let scene = try Scene()
    let id = scene.open()
    let line = try #require(scene.log[0])
    #expect(line["n"] == 1)
    #expect(line["at"] == .integer(Scene.start))
    #expect(line["method"] == "POST")
    #expect(line["path"] == "/api/open/v4/liveAvatar/session/create")
    #expect(line["operation"] == "session.create")
    #expect(line["body"] == ["avatar_id": .string(Scene.avatar), "duration": 600])
    #expect(line["connection"] == 3)
    #expect(line["uid"] == 100_010)
    #expect(line["handled"] == true)
    #expect(line["outcome"] == 1000)
    #expect(line["reply_status"] == 200)
    #expect(line["reply_code"] == 1000)
    #expect(line["subject"] == .string(id))
    #expect(line["headers"] == ["x-api-key"])
    #expect(line["auth"] == "api_key")
  }

  @Test func queriesAreDecoded() throws {
    let scene = try Scene()
    scene.send("GET", "/api/open/v3/avatar/detail?id=a%20b+c%2B&x&y=%zz")
    #expect(scene.log[0]?["query"] == ["id": "a b c+", "x": "", "y": "%zz"])
  }

  @Test func unknownPathsAreLoggedToo() throws {
    let scene = try Scene()
    scene.send("GET", "/nowhere")
    #expect(scene.log[0]?["operation"] == nil)
    #expect(scene.log[0]?["reply_status"] == 404)
    #expect(scene.admin("GET", "requests")["by_operation"] == ["unknown": 1])
  }

  @Test func secretsAreNotKept() throws {
    let secret = "hush-hush"
    let scene = try Scene(["api_key": .string(secret), "client_id": "hush-id"])
    scene.send("GET", "/nowhere", headers: [HTTPHeader("authorization", "Bearer \(secret)")])
    scene.send("POST", "/api/open/v3/getToken", body: ["clientId": "hush-id", "clientSecret": .string(secret)])
    scene.createSession(
      [
        "avatar_id": .string(Scene.avatar), "stream_type": "livekit",
        "credentials": ["livekit_url": "wss://x", "livekit_token": .string(secret)],
        "voice_params": ["elevenlabs_settings": ["api_key": .string(secret)]],
      ], headers: [HTTPHeader("x-api-key", secret)])
    scene.send("POST", "/nowhere", bytes: Array("not json \(secret)".utf8))
    let text = scene.admin("GET", "requests").serialized()
    #expect(!text.contains("hush"))
    #expect(text.contains("wss://x"))
    #expect(text.contains(#""auth":"bearer""#))
    let options = scene.admin("GET", "options").serialized() + scene.books.serialized()
    #expect(!options.contains("hush"))
  }

  @Test func secrets_areNotKept_whenTheyAreNoTexts() throws {
    let scene = try Scene()
    let secrets: JSON = ["clientSecret": 4_711, "token": ["4711"], "api_key": ["hidden": "4711"], "clientId": .null]
    scene.send("POST", "/api/open/v3/getToken", body: secrets)
    #expect(!scene.admin("GET", "requests").serialized().contains("4711"))
  }

  @Test func sinceAndOperationAndLimitChoose() throws {
    let scene = try Scene()
    for _ in 0..<3 { scene.sessions() }
    _ = scene.open()
    let numbers = { (query: String) in
      scene.admin("GET", "requests?\(query)")["requests"]?.array?.compactMap { $0["n"]?.integer }
    }
    #expect(numbers("since=2") == [3, 4])
    #expect(numbers("since=99") == [])
    #expect(numbers("operation=session.create") == [4])
    #expect(numbers("since=1&limit=2") == [2, 3])
    #expect(scene.admin("GET", "requests?since=x")["code"] == 1003)
  }

  @Test func theOldestGoWhenItIsFull() throws {
    let scene = try Scene(["log_capacity": 10])
    for _ in 0..<25 { scene.sessions() }
    let reply = scene.admin("GET", "requests")
    #expect(reply["count"] == 25)
    #expect(reply["dropped"] == 15)
    #expect(reply["requests"]?.array?.map { $0["n"] } == (16...25).map { .integer($0) })
    #expect(scene.admin("GET", "requests?since=23")["requests"]?.array?.count == 2)
    #expect(reply["by_operation"] == ["session.list": 25])
  }

  @Test func aLateOutcomeOfADroppedRequestIsHarmless() throws {
    let scene = try Scene(["log_capacity": 2])
    scene.fault(["operation": "session.create"], ["handle_later_s": 5])
    scene.createSession()
    for _ in 0..<5 { scene.sessions() }
    scene.advance(5)
    #expect(scene.books["open_sessions"] == 1)
    #expect(scene.logLines.allSatisfy { $0["operation"] == "session.list" })
  }

  @Test func duplicate_hasALineOfItsOwn_whenItArrives() throws {
    let scene = try Scene()
    scene.fault(["operation": "session.create"], ["duplicate_after_s": 5])
    let id = scene.open()
    scene.advance(5)
    let (first, second) = (try #require(scene.log[0]), try #require(scene.log[1]))
    #expect(first["outcome"] == 1000 && first["subject"] == .string(id) && first["duplicate_of"] == nil)
    #expect(first["handled_at"] == .integer(Scene.start) && first["reply_code"] == 1000)
    #expect(second["n"] == 2 && second["duplicate_of"] == 1 && second["outcome"] == 1215)
    #expect(second["at"] == .integer(Scene.start + 5_000) && second["handled_at"] == second["at"])
    #expect(second["reply_status"] == nil && second["body"] == first["body"])
    #expect(scene.admin("GET", "requests")["by_operation"] == ["session.create": 2])
  }

  @Test func session_namesTheDuplicate_whenThatOpenedIt() throws {
    let scene = try Scene(["official_avatars_shared": true])
    scene.fault(["operation": "session.create"], ["duplicate_after_s": 5])
    scene.createSession()
    scene.advance(5)
    #expect(scene.books.value(at: "/sessions/0/request") == 1 && scene.books.value(at: "/sessions/1/request") == 2)
    #expect(scene.log[1]?["subject"] == scene.books.value(at: "/sessions/1/_id"))
  }

  @Test func longBodiesAreNotKept() throws {
    let scene = try Scene()
    scene.send("POST", "/nowhere", bytes: Array(repeating: UInt8(ascii: "a"), count: 16_385))
    scene.send("POST", "/nowhere", bytes: Array("a".utf8))
    #expect(scene.log[0]?["body"] == "16385 bytes, too many to keep")
    #expect(scene.log[1]?["body"] == "1 bytes, not JSON")
  }
}
