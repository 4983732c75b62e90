import AkoolCore
import AkoolSimulator
import Testing

/// Members of the answers, as AKOOL documents them for each endpoint.
@Suite struct VoiceAnswerTests {
  private static let common = [
    "_id", "uid", "team_id", "voice_id", "gender", "name", "preview", "text", "duration", "status", "create_time",
    "style", "scenario", "age", "deduction_credit", "webhookUrl",
  ]
  private static let listed = common + ["language", "locale", "voice_model_name", "support_stream"]
  private static let recording = [
    "_id", "create_time", "uid", "team_id", "preview", "status", "webhookUrl", "duration", "file_name", "gender",
    "deduction_credit", "name",
  ]
  private static let ordered = recording + ["voice_model_id", "voice_id", "voice_options"]
  private static let record = recording + ["update_time", "rate", "__v"]

  static let speech: JSONObject = ["input_text": "Hello", "voice_id": "Xb7hH8MSUJpSbSDYk0k2"]
  static let change: JSONObject = [
    "voice_id": "Xb7hH8MSUJpSbSDYk0k2", "source_voice_file": "https://example.com/me.mp3?signature=a",
  ]

  private func keys(_ value: JSON?) -> Set<String> { Set(value?.object?.keys ?? []) }

  @Test(arguments: [true, false]) func voices_haveTheMembersOfTheirEndpoint(_ isUpdated: Bool) throws {
    let scene = try Scene(["voice_update_time": .bool(isUpdated)])
    let listed = Set(Self.listed + (isUpdated ? ["update_time"] : []))
    let list = scene.send("GET", "/api/open/v4/voice/list?type=2").data
    #expect(keys(list) == ["result", "count", "page", "size"] && keys(list?["result"]?[0]) == listed)
    let path = "/api/open/v4/voice/detail/\(list?["result"]?[0]?["_id"]?.string ?? "")"
    #expect(keys(scene.send("GET", path).data) == listed)
    let old = scene.send("GET", "/api/open/v3/voice/list").data?[0]
    #expect(
      keys(old) == [
        "_id", "create_time", "uid", "from", "voice_id", "gender", "accent", "name", "description", "useCase", "type",
        "preview", "__v",
      ])
  }

  @Test func clone_hasItsOwnMembers() throws {
    let scene = try Scene()
    let body: JSON = [
      "source_voice_file": "https://example.com/me.mp3", "text": "Good morning.", "webhookUrl": "",
      "voice_model_name": "Akool Multilingual 1",
      "voice_options": [
        "style": ["Calm"], "gender": ["Male"], "age": ["Young"], "scenario": ["Education"], "language": "de",
        "remove_background_noise": true, "clone_prompt": "Hello.", "need_volume_normalization": true,
      ],
    ]
    let clone = scene.send("POST", "/api/open/v4/voice/clone", body: body).data
    #expect(keys(clone) == Set(Self.common + ["source_voice_file"]))
    #expect(clone?["text"] == "Good morning." && clone?["webhookUrl"] == "" && clone?["scenario"] == ["Education"])
  }

  @Test(arguments: [("de", "German"), ("zh", "Chinese"), ("", "English"), ("sw", "sw")])
  func clone_hasTheLanguageOfItsCode(code: String, language: String) throws {
    let scene = try Scene()
    let body: JSON = [
      "source_voice_file": "https://example.com/me.wav", "voice_options": ["language": .string(code)],
    ]
    let id = scene.send("POST", "/api/open/v4/voice/clone", body: body).text("/data/_id")
    let voice = scene.send("GET", "/api/open/v4/voice/detail/\(id)").data
    #expect(voice?["language"] == .string(language) && voice?["locale"] == .string(code.isEmpty ? "en" : code))
  }

  @Test func speech_hasTheMembersOfItsEndpoint() throws {
    let scene = try Scene()
    var body = Self.speech
    body["language_code"] = "pt"
    let made = scene.send("POST", "/api/open/v4/voice/tts", body: .object(body))
    #expect(keys(made.data) == Set(Self.ordered + ["input_text"]))
    #expect(
      keys(made.data?["voice_options"]) == [
        "stability", "similarity_boost", "style", "speed", "speaker_boost", "emotion", "volume",
      ])
    #expect(made.data?["voice_model_id"] == "6698c9d69cf7b0d61d1b7001" && made.data?["duration"] == 0)
    #expect(made.text("/data/name").count == 32 && made.text("/data/file_name") == made.text("/data/name") + ".mp3")
    let path = "/api/open/v4/voice/resource/detail/\(made.text("/data/_id"))"
    let detail = scene.send("GET", path).data?["result"]
    #expect(keys(detail) == Set(Self.record + ["input_text", "priority", "language_code"]))
    #expect(detail?["language_code"] == "pt" && detail?["update_time"] == 0)
    scene.advance(20)
    let record = scene.send("GET", "/api/open/v4/voice/resource/list?type=1").data?["result"]?[0]
    #expect(keys(record) == Set(Self.record + ["input_text"]))
    #expect(record?["duration"] == 300 && record?["update_time"]?.integer == Scene.start + 20_000)
  }

  @Test func change_hasTheMembersOfItsEndpoint() throws {
    let scene = try Scene()
    let made = scene.send("POST", "/api/open/v4/voice/change", body: .object(Self.change))
    #expect(keys(made.data) == Set(Self.ordered + ["source_voice_file"]))
    #expect(keys(made.data?["voice_options"]) == ["stability", "similarity_boost", "style", "speaker_boost"])
    #expect(made.text("/data/file_name") == "me.mp3")
    let list = scene.send("GET", "/api/open/v4/voice/resource/list?type=2").data
    #expect(keys(list) == ["result", "count", "page", "size"] && keys(list?["result"]?[0]) == Set(Self.record))
    let path = "/api/open/v4/voice/resource/detail/\(made.text("/data/_id"))"
    #expect(keys(scene.send("GET", path).data?["result"]) == Set(Self.record + ["priority"]))
  }
}
