import AkoolCore
import Testing

@testable import AkoolSimulator

@Suite struct WebhookTests {
  private static let address = "https://example.com/told"
  /// 24 bytes, a key of AES-192.
  private static let secret = "dummySecret0123456789abc"

  private func scene(_ more: JSONObject = JSONObject()) throws -> Scene {
    var options = JSONObject([("client_id", "dummyClientId0123456789="), ("client_secret", .string(Self.secret))])
    options.merge(more)
    return try Scene(.object(options))
  }

  private func speak(_ scene: Scene, url: JSON = .string(address)) -> Received {
    let body: JSON = ["input_text": "Hello", "voice_id": "Xb7hH8MSUJpSbSDYk0k2", "webhookUrl": url]
    return scene.send("POST", "/api/open/v4/voice/tts", body: body)
  }

  private func webhooks(_ scene: Scene) -> [JSON] { scene.admin("GET", "webhooks")["webhooks"]?.array ?? [] }

  /// The vectors of akool-api.md, section 5: the cipher by the length of the secret.
  @Test(arguments: [
    (
      "dummyClientId0123456789=", "dummySecret0123456789abc", "1529",
      #"{"_id":"6698c9d69cf7b0d61d1b6420","status":3,"type":"avatar","url":"https://example.com/r.mp4"}"#,
      "D+E7ZMLt+b8rYTQDP+YUJfXVJYTbz+SUDPDcT/TyWlwxIMBWM6aXh6Nbgl7VcY2Idef51SrTBoGmpgIy7ksINQlrX5zXdqXQa30whfxTpTbwxi3FCLvDpU/os5lSQMzH",
      "80ac6abe16b94febf0c3a2d098ee54009d9aaa1e"
    ),
    (
      "dummyClientId0123456789=", "dummySecret0123456789abcdefghijk", "1529",
      #"{"_id":"6698c9d69cf7b0d61d1b6420","status":3,"type":"avatar","url":"https://example.com/r.mp4"}"#,
      "/2e+TAqQilnjaZg1j/Qp+Fe0kIfl0zFaM9+qJoBO6wGoSAczzWqdr8YMW60y5Mp9Sxa34CyFiuYTEi2r6XeYxqGNgPtOr/YpQBRWClwteTey7XDviqbwy7/2xixrR5yz",
      "65eedd2833545e3f04657f73f6a1194f8374d71a"
    ),
    (
      "0123456789abcdef01234567", "dummySecret0123456789abc", "9", #"{"_id":"a","status":4,"type":"lipsync"}"#,
      "zJUgDZGbULoP5IZDdcTjGRuGphOZXZfWE1AsbUUF53VDGlvZF7q6h3fLtXfWMCti",
      "eecc076b489df1ced6f2e6492884d62fc15a8707"
    ),
  ])
  func vectors(id: String, secret: String, nonce: String, plain: String, encrypted: String, signature: String) throws {
    let signer = WebhookSigner(clientID: id, clientSecret: secret)
    let body = signer.body(try JSON.parse(plain), timestamp: 1_710_757_981_609, nonce: nonce)
    #expect(body?["dataEncrypt"]?.string == encrypted)
    #expect(body?["signature"]?.string == signature)
    #expect(body?["timestamp"] == 1_710_757_981_609 && body?["nonce"]?.string == nonce)
  }

  @Test func aWebhookIsWrittenWhenTheRecordingIsReady() throws {
    let scene = try scene()
    let id = speak(scene).text("/data/_id")
    scene.advance(19)
    #expect(webhooks(scene).isEmpty)
    scene.advance(1)
    let told = try #require(webhooks(scene).first)
    #expect(told["subject"]?.string == id && told["url"]?.string == Self.address && told["state"] == "due")
    let content = try verified(try #require(told["body"]))
    #expect(content["_id"]?.string == id && content["status"] == 3 && content["type"] == "audio")
    let link = try #require(content["url"]?.string)
    #expect(scene.send("GET", String(link.dropFirst(Model.defaultOrigin.count)), headers: []).reply.status == 200)
  }

  @Test func onFailureThereIsNoLink() throws {
    let scene = try scene()
    let body: JSON = [
      "voice_id": "Xb7hH8MSUJpSbSDYk0k2", "source_voice_file": "https://example.com/fail.mp3",
      "webhookUrl": .string(Self.address),
    ]
    scene.send("POST", "/api/open/v4/voice/change", body: body)
    scene.advance(20)
    let content = try verified(try #require(webhooks(scene).first?["body"]))
    #expect(content["status"] == 4 && content["url"] == nil)
  }

  @Test func clonesAreToldOfWithTheirVoice() throws {
    let scene = try scene(["webhook_while_processing": true])
    let body: JSON = ["source_voice_file": "https://example.com/me.mp3", "webhookUrl": .string(Self.address)]
    let clone = scene.send("POST", "/api/open/v4/voice/clone", body: body)
    #expect(clone.data?["webhookUrl"]?.string == Self.address)
    scene.advance(20)
    let contents = try webhooks(scene).map { try verified($0["body"] ?? .null) }
    #expect(contents.map { $0["status"] } == [2, 3])
    #expect(contents.last?["url"]?.string?.hasPrefix(Model.defaultOrigin + "/voice/") == true)
  }

  @Test func withoutAnAddressNobodyIsTold() throws {
    let scene = try scene()
    for url: JSON in ["", .null] { #expect(speak(scene, url: url).code == 1000) }
    for url: JSON in ["ftp://a/b", "nowhere", 5, "https:///x"] { #expect(speak(scene, url: url).code == 1003) }
    scene.advance(100)
    #expect(webhooks(scene).isEmpty)
  }

  @Test func aSecretThatIsNoKeySignsNothing() throws {
    let scene = try scene(["client_secret": "short"])
    speak(scene)
    scene.advance(20)
    #expect(webhooks(scene).first?["state"] == "unsigned" && webhooks(scene).first?["body"] == nil)
    #expect(scene.service.model.takeDueWebhooks().isEmpty)
  }

  @Test func aWebhookIsSentAgainUntilItIsAnsweredWell() throws {
    let scene = try scene()
    speak(scene)
    scene.advance(20)
    let first = try #require(scene.service.model.takeDueWebhooks().first)
    #expect(scene.service.model.takeDueWebhooks().isEmpty)
    scene.service.model.webhook(first.number, wasAnswered: 500)
    scene.advance(59)
    #expect(scene.service.model.takeDueWebhooks().isEmpty)
    scene.advance(1)
    let second = try #require(scene.service.model.takeDueWebhooks().first)
    #expect(second.body == first.body && second.number == first.number)
    scene.service.model.webhook(second.number, wasAnswered: 200)
    scene.advance(1_000)
    #expect(scene.service.model.takeDueWebhooks().isEmpty)
    let told = webhooks(scene).first
    #expect(told?["state"] == "delivered" && told?["attempts"] == 2 && told?["last_status"] == 200)
  }

  @Test func afterTheLastAttemptItIsGivenUp() throws {
    let scene = try scene(["webhook_attempts": 2, "webhook_retry_s": 0])
    speak(scene)
    scene.advance(20)
    for _ in 0..<2 {
      let taken = try #require(scene.service.model.takeDueWebhooks().first)
      scene.service.model.webhook(taken.number, wasAnswered: nil)
    }
    #expect(scene.service.model.takeDueWebhooks().isEmpty)
    #expect(webhooks(scene).first?["state"] == "failed" && webhooks(scene).first?["last_status"] == nil)
    // What nobody has under way is not changed by an answer.
    scene.service.model.webhook(0, wasAnswered: 200)
    scene.service.model.webhook(7, wasAnswered: 200)
    #expect(webhooks(scene).first?["state"] == "failed")
  }

  /// What the library makes of a body.
  private func verified(_ body: JSON) throws -> JSON {
    let parameters: JSON = [
      "body": body, "client_id": "dummyClientId0123456789=", "client_secret": .string(Self.secret),
    ]
    let reply = Client.callOffline("webhook.verify", .success(parameters), options: .success([:]))
    return try #require(reply.json["data"]?["payload"])
  }
}
