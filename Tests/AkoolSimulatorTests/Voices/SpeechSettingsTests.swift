import AkoolCore
import AkoolSimulator
import Testing

/// Parameters of voice/tts, voice/change and voice/clone at their limits.
@Suite struct SpeechSettingsTests {
  private func send(_ scene: Scene, _ name: String, _ base: JSONObject, _ more: JSON) -> Received {
    var body = base
    body.merge(more.object ?? [:])
    return scene.send("POST", "/api/open/v4/voice/\(name)", body: .object(body))
  }

  private static let everything: JSON = [
    "voice_options": [
      "stability": 0, "similarity_boost": 1, "style": 0.5, "speed": 1.2, "speaker_boost": true, "emotion": "sad",
      "volume": 100,
    ],
    "webhookUrl": "https://example.com/hook", "language_code": "zh", "pitch": -12,
    "extra_options": [
      "previous_text": "Before.", "next_text": "After.", "apply_text_normalization": "off",
      "apply_language_text_normalization": true, "latex_read": true, "text_normalization": false,
      "audio_setting": ["sample_rate": 44_100, "bitrate": 256_000, "format": "wav", "channel": 2],
      "timber_weights": [["voice_id": "a", "weight": 100], ["voice_id": "b", "weight": 1]],
      "pronunciation_dict": ["tone": ["omg/oh my god"]],
      "voice_modify": ["pitch": 100, "intensity": -100, "timbre": 0, "sound_effects": "lofi_telephone"],
      "subtitle_enable": true, "pitch": 12,
    ],
  ]

  @Test func speech_takesEveryParameter() throws {
    let made = send(try Scene(), "tts", VoiceAnswerTests.speech, Self.everything)
    #expect(made.code == 1000 && made.data?["webhookUrl"] == "https://example.com/hook")
    #expect(made.text("/data/file_name").hasSuffix(".wav"))
    let options = made.data?["voice_options"]
    #expect(options?["speed"]?.double == 1.2 && options?["emotion"] == "sad" && options?["volume"] == 100)
    #expect(options?["similarity_boost"]?.double == 1 && options?["speaker_boost"] == true)
  }

  @Test(
    arguments: [
      ["voice_options": "fast"], ["voice_options": ["stability": 1.01]], ["voice_options": ["style": "cheerful"]],
      ["voice_options": ["similarity_boost": -0.01]], ["voice_options": ["speed": 0.69]],
      ["voice_options": ["speed": 1.21]], ["voice_options": ["speaker_boost": 1]],
      ["voice_options": ["emotion": "glad"]], ["voice_options": ["volume": 101]], ["voice_options": ["volume": 0.5]],
      ["webhookUrl": "nowhere"], ["language_code": "deu"], ["language_code": "1a"], ["language_code": 1],
      ["pitch": 13], ["pitch": 0.5], ["extra_options": []], ["extra_options": ["previous_text": 1]],
      ["extra_options": ["next_text": 1]], ["extra_options": ["apply_text_normalization": "always"]],
      ["extra_options": ["apply_language_text_normalization": "on"]], ["extra_options": ["latex_read": 1]],
      ["extra_options": ["text_normalization": "on"]], ["extra_options": ["subtitle_enable": 1]],
      ["extra_options": ["audio_setting": ["sample_rate": 11_025]]],
      ["extra_options": ["audio_setting": ["bitrate": 48_000]]],
      ["extra_options": ["audio_setting": ["format": "ogg"]]],
      ["extra_options": ["audio_setting": ["channel": 3]]],
      ["extra_options": ["timber_weights": [["voice_id": "a", "weight": 101]]]],
      ["extra_options": ["timber_weights": [["voice_id": "a"]]]],
      ["extra_options": ["timber_weights": [["weight": 1]]]],
      ["extra_options": ["timber_weights": ["a"]]], ["extra_options": ["timber_weights": [1, 2, 3, 4, 5]]],
      ["extra_options": ["pronunciation_dict": ["tone": "a"]]],
      ["extra_options": ["voice_modify": ["pitch": 101]]], ["extra_options": ["voice_modify": ["intensity": -101]]],
      ["extra_options": ["voice_modify": ["timbre": 0.5]]],
      ["extra_options": ["voice_modify": ["sound_effects": "echo"]]], ["extra_options": ["pitch": -13]],
    ] as [JSON])
  func speech_isRefused_beyondLimits(_ wrong: JSON) throws {
    let scene = try Scene(["credit": 10])
    #expect(send(scene, "tts", VoiceAnswerTests.speech, wrong).code == 1003)
    #expect(scene.credit == 10)
  }

  @Test func change_takesEveryParameter() throws {
    let more: JSON = [
      "voice_options": [
        "stability": 0.9, "similarity_boost": 0.7, "style": 1, "speaker_boost": true, "file_format": "wav",
        "remove_background_noise": true, "speed": 0.7,
      ],
      "webhookUrl": "", "voice_model_name": "Akool Multilingual 1",
    ]
    let made = send(try Scene(), "change", VoiceAnswerTests.change, more)
    #expect(made.code == 1000 && made.data?["voice_options"]?["stability"]?.double == 0.9)
  }

  @Test(
    arguments: [
      ["voice_options": ["stability": 2]], ["voice_options": ["speed": 1.21]],
      ["voice_options": ["file_format": "ogg"]],
      ["voice_options": ["remove_background_noise": "no"]], ["voice_model_name": "Akool Multilingual 3"],
      ["webhookUrl": 1], ["source_voice_file": "me.mp3"], ["voice_id": ""], ["voice_id": "iP95p4xoKVk53GoZ742B"],
    ] as [JSON])
  func change_isRefused_beyondLimits(_ wrong: JSON) throws {
    #expect(send(try Scene(), "change", VoiceAnswerTests.change, wrong).code == 1003)
  }

  @Test(
    arguments: [
      ["text": 1], ["voice_model_name": "Akool Multilingual 2"], ["voice_options": ["language": "english"]],
      ["voice_options": ["remove_background_noise": 1]], ["voice_options": ["need_volume_normalization": "no"]],
      ["voice_options": ["clone_prompt": 1]], ["voice_options": ["style": "Calm"]], ["voice_options": ["age": [1]]],
    ] as [JSON])
  func clone_isRefused_beyondLimits(_ wrong: JSON) throws {
    let scene = try Scene()
    #expect(send(scene, "clone", ["source_voice_file": "https://example.com/me.mp3"], wrong).code == 1003)
    #expect(scene.send("GET", "/api/open/v4/voice/list?type=1").data?["count"] == 0)
  }

  /// The documents only say which model voice change supports, and that weights do not count beside a voice.
  @Test func switches_decideWhereDocumentsAreOpen() throws {
    let scene = try Scene(["change_needs_model_1": false, "timber_weights_need_voice": false])
    #expect(send(scene, "change", VoiceAnswerTests.change, ["voice_id": "iP95p4xoKVk53GoZ742B"]).code == 1000)
    let mixture: JSON = ["voice_id": "iP95p4xoKVk53GoZ742B", "weight": 50]
    let mixed: JSON = ["voice_id": "", "extra_options": ["timber_weights": [mixture]]]
    #expect(send(scene, "tts", VoiceAnswerTests.speech, mixed).text("/data/voice_id") == "iP95p4xoKVk53GoZ742B")
    let unknown: JSON = ["voice_id": "", "extra_options": ["timber_weights": [["voice_id": "x", "weight": 1]]]]
    #expect(send(scene, "tts", VoiceAnswerTests.speech, unknown).code == 1008)
    #expect(send(try Scene(), "tts", VoiceAnswerTests.speech, mixed).code == 1003)
  }
}
