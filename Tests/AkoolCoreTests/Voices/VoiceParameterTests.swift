import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct VoiceParameterTests {
  private static let speech: JSONObject = ["input_text": "Hello.", "voice_id": "v"]
  private static let change: JSONObject = ["voice_id": "v", "source_voice_file": "https://example.com/me.mp3"]

  @Test func speech_isSentWithEveryParameter() throws {
    let test = try TestClient { _, _ in Answer.ok(VoiceReplyTests.speech) }
    let parameters: JSON = [
      "input_text": "Hello.", "voice_id": "v",
      "voice_options": [
        "stability": 0.6, "similarity_boost": 0.8, "style": 1, "speed": 0.9, "speaker_boost": true,
        "emotion": "happy", "volume": 80,
      ],
      "webhookUrl": "https://example.com/hook", "language_code": "zh", "pitch": -5,
      "extra_options": [
        "previous_text": "Before.", "next_text": "After.", "apply_text_normalization": "auto",
        "apply_language_text_normalization": true, "latex_read": true, "text_normalization": true,
        "audio_setting": ["sample_rate": 24_000, "bitrate": 32_000, "format": "mp3", "channel": 2],
        "timber_weights": [["voice_id": "a", "weight": 80], ["voice_id": "b", "weight": 20]],
        "pronunciation_dict": ["tone": ["omg/oh my god"]],
        "voice_modify": ["pitch": 50, "intensity": 30, "timbre": -50, "sound_effects": "robotic"],
        "subtitle_enable": true, "pitch": -5,
      ],
    ]
    _ = try test.data("voice.tts", parameters)
    #expect(test.log.all.map(\.json) == [parameters])
    try test.client.destroy()
  }

  @Test func change_isSentWithEveryParameter() throws {
    let test = try TestClient { _, _ in Answer.ok(VoiceReplyTests.change) }
    let parameters: JSON = [
      "voice_id": "v", "source_voice_file": "https://example.com/me.mp3",
      "voice_options": [
        "stability": 0.9, "similarity_boost": 0.7, "style": 1, "speaker_boost": false, "file_format": "wav",
        "remove_background_noise": true, "speed": 1,
      ],
      "webhookUrl": "", "voice_model_name": "Akool Multilingual 1",
    ]
    _ = try test.data("voice.change", parameters)
    #expect(test.log.all.map(\.json) == [parameters])
    try test.client.destroy()
  }

  @Test(
    arguments: [
      (["voice_options": ["speed": 0.69]], "voice_options.speed", "0.7"),
      (["voice_options": ["volume": 101]], "voice_options.volume", "100"),
      (["voice_options": ["emotion": "glad"]], "voice_options.emotion", "happy"),
      (["language_code": "german"], "language_code", "2"),
      (["extra_options": ["audio_setting": ["sample_rate": 11_025]]], "audio_setting.sample_rate", "22050"),
      (["extra_options": ["audio_setting": ["bitrate": "64000"]]], "audio_setting.bitrate", "integer"),
      (["extra_options": ["timber_weights": [["voice_id": "a", "weight": 0]]]], "timber_weights[0].weight", "1"),
      (["extra_options": ["timber_weights": [[:], [:], [:], [:], [:]]]], "timber_weights", "4"),
      (["extra_options": ["voice_modify": ["pitch": -101]]], "voice_modify.pitch", "-100"),
      (["extra_options": ["pitch": 13]], "extra_options.pitch", "12"),
      (["voice_id": ""], "voice_id", "timber_weights"),
      (["webhookUrl": "nowhere"], "webhookUrl", "http"),
    ] as [(JSON, String, String)])
  func speech_isRefused_beyondLimits(_ more: JSON, _ field: String, _ limit: String) throws {
    let test = try TestClient { _, _ in Answer.ok(VoiceReplyTests.speech) }
    var parameters = Self.speech
    parameters.merge(more.object ?? [:])
    let error = try test.error("voice.tts", .object(parameters))
    #expect(error["code"] == "INVALID_ARGUMENT" && test.log.count == 0)
    let message = error["message"]?.string ?? ""
    #expect(message.contains(field) && message.contains(limit), "\(message)")
    try test.client.destroy()
  }

  @Test(
    arguments: [
      (["voice_options": ["speed": 1.21]], "voice_options.speed", "1.2"),
      (["voice_options": ["file_format": "ogg"]], "voice_options.file_format", "wav"),
      (["voice_model_name": "Akool Multilingual 3"], "voice_model_name", "Akool Multilingual 1"),
    ] as [(JSON, String, String)])
  func change_isRefused_beyondLimits(_ more: JSON, _ field: String, _ limit: String) throws {
    let test = try TestClient { _, _ in Answer.ok(VoiceReplyTests.change) }
    var parameters = Self.change
    parameters.merge(more.object ?? [:])
    let message = try test.error("voice.change", .object(parameters))["message"]?.string ?? ""
    #expect(message.contains(field) && message.contains(limit), "\(message)")
    #expect(test.log.count == 0)
    try test.client.destroy()
  }

  /// AKOOL's own demo sends every key of third-party voices, empty where it has none.
  @Test(arguments: ["elevenlabs_settings", "minimax_settings"]) func apiKey_mayBeEmpty(_ settings: String) throws {
    let test = try TestClient { request, _ in Answer.session("s", status: request.url.hasSuffix("/create") ? 1 : 3) }
    let voice: JSON = .object([settings: ["api_key": ""]])
    _ = try test.data("session.create", ["avatar_id": "a", "voice_params": voice])
    #expect(test.log.all.first?.json["voice_params"] == voice)
    try test.client.destroy()
  }
}
