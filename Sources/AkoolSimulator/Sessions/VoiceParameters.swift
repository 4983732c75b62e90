/// Checks `voice_params` of session/create in both its forms.
enum VoiceParameters {
  private static let fastVoices: Set = [
    "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar",
  ]
  private static let fastNames: Set = [
    "voice_id", "stt_language", "turn_detection", "elevenlabs_settings", "minimax_settings",
  ]

  static func check(_ fields: Fields, isFastDialogue: Bool) throws(Refusal) {
    if isFastDialogue { try checkFast(fields) } else { try checkNormal(fields) }
    _ = try fields.text("stt_language")
    if let turns = try fields.nested("turn_detection") { try checkTurns(turns) }
    if let settings = try fields.nested("elevenlabs_settings") { try checkElevenlabs(settings) }
    if let settings = try fields.nested("minimax_settings") { try checkMinimax(settings) }
  }

  /// This form forbids members that it does not know.
  private static func checkFast(_ fields: Fields) throws(Refusal) {
    if let unknown = fields.given.first(where: { !fastNames.contains($0) }) {
      throw fields.wrong(unknown, "is not allowed with scene_mode fast_dialogue")
    }
    _ = try fields.choice("voice_id", fastVoices)
  }

  private static func checkNormal(_ fields: Fields) throws(Refusal) {
    _ = try fields.number("speed", 0.8...1.2)
    _ = try fields.choice("stt_type", ["openai_realtime"])
    guard let map = try fields.nested("pron_map") else { return }
    for name in map.given { _ = try map.text(name) }
  }

  private static func checkTurns(_ fields: Fields) throws(Refusal) {
    _ = try fields.choice("type", ["server_vad", "semantic_vad"])
    _ = try fields.number("threshold", 0...1)
    _ = try fields.integer("prefix_padding_ms", 0...Int64.max)
    _ = try fields.integer("silence_duration_ms", 0...Int64.max)
  }

  private static func checkElevenlabs(_ fields: Fields) throws(Refusal) {
    for name in ["api_key", "model_id"] { _ = try fields.text(name) }
    for name in ["stability", "similarity_boost", "style"] { _ = try fields.number(name, 0...1) }
    _ = try fields.flag("use_speaker_boost")
  }

  private static func checkMinimax(_ fields: Fields) throws(Refusal) {
    for name in ["api_key", "model", "language_boost"] { _ = try fields.text(name) }
    guard let voice = try fields.nested("voice_setting") else { return }
    for name in ["voice_id", "emotion"] { _ = try voice.text(name) }
    for name in ["speed", "vol", "pitch"] { _ = try voice.number(name) }
  }
}
