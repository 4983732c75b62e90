import AkoolCore
import AkoolSimulator
import Testing

@Suite struct SessionCreateTests {
  @Test func theAnswerHasTheDocumentedMembers() throws {
    let data = try #require(try Scene().createSession().data?.object)
    #expect(data.keys == ["_id", "uid", "type", "status", "stream_type", "credentials"])
    #expect(data["status"] == 1)
    #expect(data["uid"] == 100_010)
    #expect(data["stream_type"] == "agora")
  }

  @Test func theIDTellsTheSimulatedTime() throws {
    let scene = try Scene()
    let id = scene.open()
    #expect(id.count == 24)
    #expect(Int64(id.prefix(8), radix: 16) == Scene.start / 1000)
  }

  @Test func theWholeDurationIsChargedAtOnce() throws {
    let scene = try Scene(["credit": 100, "credit_per_second": 0.125])
    _ = scene.open(duration: 600)
    #expect(scene.credit == 25)
  }

  @Test func withoutADurationTheDefaultIsCharged() throws {
    let scene = try Scene(["credit": 1000, "credit_per_second": 1, "default_duration_s": 300])
    scene.createSession()
    #expect(scene.credit == 700)
  }

  @Test func aFractionOfASecondCostsItsFraction() throws {
    let scene = try Scene(["credit": 10, "credit_per_second": 1])
    scene.createSession(["avatar_id": .string(Scene.avatar), "duration": 1.5])
    #expect(scene.credit == 8.5)
  }

  @Test func emptyValuesCountAsNotGiven() throws {
    let received = try Scene().createSession([
      "avatar_id": .string(Scene.avatar), "duration": "", "knowledge_id": "", "voice_id": "", "voice_url": "",
      "language": "", "mode_type": "", "scene_mode": "", "e2e_type": "", "background_url": "", "voice_params": [:],
      "stream_type": "", "credentials": [:], "webhookUrl": "",
    ])
    #expect(received.code == 1000)
    #expect(received.text("/data/stream_type") == "agora")
  }

  @Test func theFullExampleIsTaken() throws {
    let received = try Scene().createSession([
      "avatar_id": .string(Scene.avatar), "duration": 3600, "voice_id": "iP95p4xoKVk53GoZ742B", "language": "en",
      "mode_type": 2, "knowledge_id": "64f8a1b2c3d4e5f6a7b8c9d0",
      "background_url": "https://example.com/background.jpg", "stream_type": "agora",
      "voice_params": [
        "speed": 1.2, "stt_language": "en", "pron_map": ["akool": "ai ku er"], "stt_type": "openai_realtime",
        "turn_detection": [
          "type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 500,
        ],
        "elevenlabs_settings": ["api_key": "k", "stability": 1, "use_speaker_boost": true],
        "minimax_settings": ["model": "speech-2.8-turbo", "voice_setting": ["speed": 1, "emotion": "angry"]],
      ],
    ])
    #expect(received.code == 1000)
  }

  @Test func fastDialogueHasItsOwnForm() throws {
    let scene = try Scene()
    let right: JSON = [
      "avatar_id": .string(Scene.avatar), "scene_mode": "fast_dialogue", "e2e_type": "openai",
      "voice_params": ["voice_id": "marin", "stt_language": "en"],
    ]
    var parameters = right.object ?? JSONObject()
    #expect(scene.createSession(.object(parameters)).code == 1000)
    for wrong in [["voice_id": "nobody"], ["voice_id": "marin", "speed": 1]] as [JSON] {
      parameters["voice_params"] = wrong
      #expect(scene.createSession(.object(parameters)).code == 1003)
    }
  }

  @Test func meetingIsASwitch() throws {
    let scene = try Scene()
    let parameters: JSON = ["avatar_id": .string(Scene.avatar), "scene_mode": "meeting"]
    #expect(scene.createSession(parameters).code == 1000)
    scene.change(["scene_mode_meeting_accepted": false])
    #expect(scene.createSession(parameters).code == 1003)
  }

  @Test(
    arguments: [
      ["avatar_id": .null], ["avatar_id": ""], ["avatar_id": 5], ["duration": 0], ["duration": -1],
      ["duration": 3600.5], ["duration": 3601], ["duration": "600"], ["duration": 1e300], ["knowledge_id": "short"],
      ["knowledge_id": "64f8a1b2c3d4e5f6a7b8c9dg"], ["knowledge_id": 1], ["voice_id": 1], ["voice_url": []],
      ["language": true], ["mode_type": 0], ["mode_type": 3], ["mode_type": "2"], ["mode_type": 1.5],
      ["scene_mode": "slow"], ["e2e_type": "openai"], ["scene_mode": "fast_dialogue", "e2e_type": "other"],
      ["background_url": 1], ["stream_type": "rtmp"], ["stream_type": "Agora"], ["webhookUrl": 1],
      ["voice_params": []], ["voice_params": "fast"], ["voice_params": ["speed": 0.79]],
      ["voice_params": ["speed": 1.21]], ["voice_params": ["speed": "1"]], ["voice_params": ["stt_type": "whisper"]],
      ["voice_params": ["pron_map": ["a": 1]]], ["voice_params": ["pron_map": "a"]],
      ["voice_params": ["stt_language": 1]], ["voice_params": ["turn_detection": ["type": "vad"]]],
      ["voice_params": ["turn_detection": ["threshold": 1.1]]],
      ["voice_params": ["turn_detection": ["prefix_padding_ms": -1]]],
      ["voice_params": ["turn_detection": ["silence_duration_ms": 0.5]]],
      ["voice_params": ["elevenlabs_settings": ["stability": 2]]],
      ["voice_params": ["elevenlabs_settings": ["use_speaker_boost": 1]]],
      ["voice_params": ["minimax_settings": ["api_key": 1]]],
      ["voice_params": ["minimax_settings": ["voice_setting": ["vol": "loud"]]]],
      ["credentials": "none"], ["credentials": []],
    ] as [JSON])
  func aWrongParameterIs1003AndCostsNothing(change: JSON) throws {
    let scene = try Scene()
    var parameters = JSONObject([("avatar_id", .string(Scene.avatar))])
    parameters.merge(change.object ?? JSONObject())
    let received = scene.createSession(.object(parameters))
    #expect(received.code == 1003)
    #expect(received.reply.status == 200)
    #expect(received.data == nil)
    #expect(scene.credit == 6000)
  }

  @Test(arguments: ["nobody", "Kai_1080P_back", "Yasmin_in_White_shirt_20231121", "SIMULATED_Gita_web"])
  func anAvatarThatDoesNotStreamIs1008(avatar: String) throws {
    #expect(try Scene().createSession(["avatar_id": .string(avatar)]).code == 1008)
  }

  @Test func anUploadedAvatarMustBeReady() throws {
    let scene = try Scene()
    scene.createAvatar()
    scene.createAvatar("bad", url: "https://example.com/fail.mp4")
    #expect(scene.createSession(["avatar_id": "myAvatar"]).code == 1214)
    scene.advance(35)
    #expect(scene.createSession(["avatar_id": "myAvatar"]).code == 1000)
    #expect(scene.createSession(["avatar_id": "bad"]).code == 1218)
  }

  @Test func theCreditMustCoverTheDuration() throws {
    let scene = try Scene(["credit": 60])
    #expect(scene.createSession(["avatar_id": .string(Scene.avatar), "duration": 601]).code == 1104)
    #expect(scene.createSession(["avatar_id": .string(Scene.avatar), "duration": 600]).code == 1000)
    #expect(scene.credit == 0)
    scene.change(["insufficient_credit_code": 1006])
    #expect(scene.createSession(["avatar_id": "dvp_Emma_agora", "duration": 1]).code == 1006)
  }

  @Test func whoIsNotSubscribedCannotOpen() throws {
    let scene = try Scene(["account_state": "unsubscribed"])
    #expect(scene.createSession().code == 1213)
    scene.change(["unsubscribed_code": 1221])
    #expect(scene.createSession().code == 1221)
    scene.change(["account_state": "unpaid"])
    #expect(scene.createSession().code == 1103)
    scene.change(["account_state": "active"])
    #expect(scene.createSession().code == 1000)
  }

  @Test func anUnknownKnowledgeBaseCanBeRefused() throws {
    let parameters: JSON = ["avatar_id": .string(Scene.avatar), "knowledge_id": "64f8a1b2c3d4e5f6a7b8c999"]
    #expect(try Scene().createSession(parameters).code == 1000)
    let strict = try Scene(["unknown_knowledge_accepted": false])
    #expect(strict.createSession(parameters).code == 1232)
    #expect(strict.books["open_sessions"] == 0)
    let known: JSON = ["avatar_id": .string(Scene.avatar), "knowledge_id": "64f8a1b2c3d4e5f6a7b8c9d0"]
    #expect(strict.createSession(known).code == 1000)
  }

  @Test func idsAndDatesCanBeOff() throws {
    let scene = try Scene(["id_offset_s": -7, "date_offset_s": 3_600])
    let received = scene.createSession()
    let seconds = Int64(received.text("/data/_id").prefix(8), radix: 16)
    #expect(seconds == Scene.start / 1000 - 7)
    #expect(received.header("date") == "Fri, 15 Jan 2027 09:00:00 GMT")
  }

  @Test func numbersOfAnOwnRoomMayBeTexts() throws {
    let own: JSON = [
      "trtc_sdk_app_id": "1400000000", "trtc_sdk_room_id": "r", "trtc_sdk_user_id": "u", "trtc_sdk_user_sig": "s",
    ]
    let scene = try Scene()
    let received = scene.createSession([
      "avatar_id": .string(Scene.avatar), "stream_type": "trtc", "credentials": own,
    ])
    #expect(received.code == 1000)
  }
}
