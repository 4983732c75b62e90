import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct SessionTests {
  @Test func createReturnsARoomToJoin() throws {
    let date = [HTTPHeader("date", "Sun, 06 Nov 1994 08:49:37 GMT")]
    let test = try TestClient { request, _ in
      guard request.url.hasSuffix("/create") else { return Answer.session("s1", status: 3) }
      return .json(
        [
          "code": 1000,
          "data": [
            "_id": "s1", "status": 1,
            "credentials": [
              "agora_app_id": "app", "agora_channel": "room", "agora_token": "tok", "agora_uid": 5,
            ],
          ],
        ], headers: date)
    }
    let data = try test.data("session.create", ["avatar_id": "a", "language": "", "voice_params": [:]])
    #expect(test.log.all[0].json == ["avatar_id": "a", "duration": 600])
    #expect(data["stream_type"] == "agora" && data["state"] == "queueing")
    let now: Int64 = 784_111_777_000
    #expect(data["expires_at"]?.integer == now + 600_000)
    #expect(
      data["join"] == [
        "transport": "agora", "app_id": "app", "room": "room", "token": "tok", "user_id": 5,
        "join_before": .integer(now + 300_000), "expires_at": .integer(now + 600_000),
      ])
    try test.client.destroy()
  }

  @Test func destroyClosesWhatIsOpen() throws {
    let test = try TestClient { request, _ in
      if request.url.hasSuffix("/create") { return Answer.session("s1", status: 1) }
      return request.url.hasSuffix("/close") ? .json(["code": 1000]) : Answer.session("s1", status: 3)
    }
    _ = try test.data("session.create", ["avatar_id": "a"])
    try test.client.destroy()
    #expect(test.log.matching("/close").map(\.json) == [["id": "s1"]])
  }

  @Test func closeLooksUntilTheSessionIsOver() throws {
    let test = try TestClient { request, number in
      request.url.contains("/detail")
        ? Answer.session("s1", status: number < 4 ? 2 : 3) : .json(["code": 1000, "data": .null])
    }
    let data = try test.data("session.close", ["id": "s1"])
    #expect(data["state"] == "ended" && data["already_over"] == false)
    #expect(test.log.matching("/detail").count == 3)
    try test.client.destroy()
  }

  @Test func closingWhatIsOverIsASuccess() throws {
    let test = try TestClient { request, _ in
      request.url.contains("/close") ? Answer.no(1219) : Answer.session("s1", status: 3)
    }
    #expect(try test.data("session.close", ["id": "s1"])["already_over"] == true)
    try test.client.destroy()
  }

  @Test func aCloseThatGotLostIsSentAgain() throws {
    let closes = RequestLog()
    let test = try TestClient { request, _ in
      if request.url.contains("/close") {
        closes.append(request)
        return .json(["code": 1000])
      }
      return Answer.session("s1", status: closes.count < 2 ? 2 : 3)
    }
    #expect(try test.data("session.close", ["id": "s1"])["state"] == "ended")
    #expect(closes.count == 2)
    try test.client.destroy()
  }

  @Test func closingWhatEndedLongAgoIsASuccess() throws {
    let test = try TestClient { request, _ in
      request.url.contains("/close") ? Answer.no(1216) : Answer.session("s1", status: 3)
    }
    #expect(try test.data("session.close", ["id": "s1"])["already_over"] == true)
    try test.client.destroy()
  }

  @Test func closingWhatNeverExistedIsNot() throws {
    let test = try TestClient { _, _ in Answer.no(1216) }
    #expect(try test.error("session.close", ["id": "typo"])["code"] == "NOT_FOUND")
    try test.client.destroy()
  }

  /// The caller gives up while the service is opening the session: it is closed when the reply comes.
  @Test(arguments: [true, false]) func aSessionThatNobodyWaitsForIsClosed(_ cancels: Bool) throws {
    let test = try TestClient { request, _ in
      if request.url.hasSuffix("/create") { return .later(100, Answer.session("s1", status: 1)) }
      return request.url.hasSuffix("/close") ? .json(["code": 1000]) : Answer.session("s1", status: 3)
    }
    let request = try test.client.submit(
      operation: "session.create", parameters: .success(["avatar_id": "a"]),
      options: .success(cancels ? [:] : ["timeout_ms": 20]), delivery: .wait)
    while test.log.matching("/create").isEmpty { _ = try test.client.call("client.stats") }
    if cancels { test.client.cancel(request) }
    let reply = try test.client.wait(request, timeoutMilliseconds: -1)
    #expect(reply.result == (cancels ? .cancelled : .timeout))
    #expect(reply.json.value(at: "/error/details/outcome") == "unknown")
    #expect(reply.json.value(at: "/meta/attempts") == 1)
    #expect(test.log.matching("/close").isEmpty)
    let event = try test.client.nextEvent(timeoutMilliseconds: 10_000)
    #expect(event?["type"] == "session.ended")
    #expect(test.log.matching("/close").map(\.json) == [["id": "s1"]])
    try test.client.destroy()
  }

  @Test func anAnswerWithoutASessionIsUnknown() throws {
    let test = try TestClient { _, _ in .json(["code": 1000, "data": .null]) }
    #expect(try test.error("session.create", ["avatar_id": "a"])["code"] == "OUTCOME_UNKNOWN")
    try test.client.destroy()
  }

  @Test(
    arguments: [
      (["duration": 3601], "duration", "3600"), (["duration": 0], "duration", "above 0"),
      (["mode_type": 3], "mode_type", "2"),
      (["voice_params": ["speed": 1.3]], "voice_params.speed", "1.2"),
      (["voice_params": ["speed": 0.7]], "voice_params.speed", "0.8"),
      (["stream_type": "zoom"], "stream_type", "livekit"), (["e2e_type": "openai"], "e2e_type", "fast_dialogue"),
      (["credentials": ["agora_uid": 1, "agora_channel": "c"]], "credentials.agora_token", "required"),
      (["stream_type": "livekit", "credentials": ["livekit_url": "wss://x"]], "credentials.livekit_token", "required"),
      (
        [
          "stream_type": "trtc",
          "credentials": ["trtc_sdk_app_id": 1, "trtc_sdk_room_id": "r", "trtc_sdk_user_id": "u"],
        ], "credentials.trtc_sdk_user_sig", "required"
      ),
      (["voice_params": ["voice_id": "marin"]], "voice_params.voice_id", "fast_dialogue"),
      (["scene_mode": "fast_dialogue", "voice_params": ["voice_id": "nobody"]], "voice_params.voice_id", "marin"),
      (["scene_mode": "fast_dialogue", "voice_params": ["speed": 1.0]], "voice_params.speed", "fast_dialogue"),
      (["voice_params": ["turn_detection": ["threshold": 2]]], "voice_params.turn_detection.threshold", "1"),
      (["avatarid": "x"], "avatarid", "avatar_id"),
    ] as [(JSON, String, String)])
  func limitsAreCheckedBeforeAnythingIsSent(_ extra: JSON, _ field: String, _ limit: String) throws {
    let test = try TestClient { _, _ in Answer.session("s", status: 1) }
    var parameters: JSONObject = ["avatar_id": "a"]
    parameters.merge(extra.object ?? [:])
    let error = try test.error("session.create", .object(parameters))
    #expect(error["code"] == "INVALID_ARGUMENT")
    let message = error["message"]?.string ?? ""
    #expect(message.contains(field) && message.contains(limit), "\(message)")
    #expect(error["details"]?[0]?["field"]?.string?.contains(field.split(separator: ".").last ?? "") == true)
    #expect(test.log.count == 0)
    try test.client.destroy()
  }

  @Test func everyShapeOfTRTCCredentialsIsOne() throws {
    let test = try TestClient { request, _ in
      guard request.url.hasSuffix("/create") else { return Answer.session("s", status: 3) }
      return Answer.ok([
        "_id": "s", "status": 1,
        "stream_urls": [
          "trtc_sdk_app_id": 9, "trtc_sdk_room_id": "r", "trtc_sdk_user_id": "u", "trtc_sdk_user_sig": "sig",
        ],
      ])
    }
    let data = try test.data("session.create", ["avatar_id": "a", "stream_type": "trtc"])
    #expect(data["credentials"]?["trtc_user_sig"] == "sig")
    #expect(data["join"]?["transport"] == "trtc" && data["join"]?["app_id"] == 9 && data["join"]?["token"] == "sig")
    try test.client.destroy()
  }
}
