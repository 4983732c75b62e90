internal import AkoolCore

/// Settings of voice/tts and voice/change that the service has accepted.
struct SpeechSettings {
  /// The `voice_options` of the answer: what was given, over assumed defaults.
  let options: JSONObject
  let format: AudioFormat
  var languageCode = ""
  /// Voices to mix, in place of one.
  var mixture: [String] = []

  private static let emotions: Set = ["happy", "sad", "angry", "fearful", "disgusted", "surprised", "neutral"]
  private static let effects: Set = ["spacious_echo", "auditorium_echo", "lofi_telephone", "robotic"]
  private static let sampleRates: Set<Int64> = [8_000, 16_000, 22_050, 24_000, 32_000, 44_100]
  private static let bitrates: Set<Int64> = [32_000, 64_000, 128_000, 256_000]

  /// Settings of voice/tts.
  init(speech fields: Fields) throws(Refusal) {
    let given = try fields.nested("voice_options") ?? Fields(JSONObject())
    var options = try Self.manner(given)
    options["speed"] = .number(try given.number("speed", 0.7...1.2) ?? 1)
    options["emotion"] = .string(try given.choice("emotion", Self.emotions) ?? "neutral")
    options["volume"] = .integer(try given.integer("volume", 0...100) ?? 50)
    self.options = options
    languageCode = try fields.languageCode("language_code") ?? ""
    _ = try fields.integer("pitch", -12...12)
    let extras = try fields.nested("extra_options") ?? Fields(JSONObject())
    try Self.checkTexts(extras)
    _ = try extras.integer("pitch", -12...12)
    if let dictionary = try extras.nested("pronunciation_dict") { _ = try dictionary.texts("tone") }
    if let effects = try extras.nested("voice_modify") { try Self.checkEffects(effects) }
    format = try extras.nested("audio_setting").map(Self.checkAudio) ?? .mp3
    mixture = try Self.mixture(extras)
  }

  /// Settings of voice/change.
  init(change fields: Fields) throws(Refusal) {
    let given = try fields.nested("voice_options") ?? Fields(JSONObject())
    options = try Self.manner(given)
    format = try given.audioFormat("file_format")
    _ = try given.flag("remove_background_noise")
    _ = try given.number("speed", 0.7...1.2)
    _ = try fields.choice("voice_model_name", [Voice.changingModel])
  }

  private static func manner(_ fields: Fields) throws(Refusal) -> JSONObject {
    JSONObject([
      ("stability", .number(try fields.number("stability", 0...1) ?? 0.5)),
      ("similarity_boost", .number(try fields.number("similarity_boost", 0...1) ?? 0.5)),
      ("style", .number(try fields.number("style", 0...1) ?? 0)),
      ("speaker_boost", .bool(try fields.flag("speaker_boost") ?? false)),
    ])
  }

  private static func checkTexts(_ fields: Fields) throws(Refusal) {
    for name in ["previous_text", "next_text"] { _ = try fields.text(name) }
    _ = try fields.choice("apply_text_normalization", ["auto", "on", "off"])
    for name in ["apply_language_text_normalization", "latex_read", "text_normalization", "subtitle_enable"] {
      _ = try fields.flag(name)
    }
  }

  private static func checkEffects(_ fields: Fields) throws(Refusal) {
    for name in ["pitch", "intensity", "timbre"] { _ = try fields.integer(name, -100...100) }
    _ = try fields.choice("sound_effects", effects)
  }

  /// Returns the file format.
  private static func checkAudio(_ fields: Fields) throws(Refusal) -> AudioFormat {
    _ = try fields.integer("sample_rate", among: sampleRates)
    _ = try fields.integer("bitrate", among: bitrates)
    _ = try fields.integer("channel", 1...2)
    return try fields.audioFormat("format")
  }

  private static func mixture(_ extras: Fields) throws(Refusal) -> [String] {
    let elements = try extras.array("timber_weights") ?? []
    guard elements.count <= 4 else { throw extras.wrong("timber_weights", "has too many voices") }
    var voices: [String] = []
    for element in elements {
      guard let object = element.object else { throw extras.wrong("timber_weights", "must be objects") }
      let part = Fields(object, under: "extra_options.timber_weights.")
      guard try part.integer("weight", 1...100) != nil else { throw part.wrong("weight", "must not be empty") }
      voices.append(try part.requiredText("voice_id"))
    }
    return voices
  }
}

extension Fields {
  /// A code of ISO 639-1: two letters.
  func languageCode(_ name: String) throws(Refusal) -> String? {
    guard let code = try text(name) else { return nil }
    guard code.utf8.count == 2, code.utf8.allSatisfy({ (97...122).contains($0 | 0x20) }) else {
      throw wrong(name, "is not valid")
    }
    return code
  }

  fileprivate func audioFormat(_ name: String) throws(Refusal) -> AudioFormat {
    try choice(name, Set(AudioFormat.allCases.map(\.rawValue))).flatMap(AudioFormat.init) ?? .mp3
  }

  fileprivate func integer(_ name: String, among values: Set<Int64>) throws(Refusal) -> Int64? {
    guard let value = try integer(name, Int64.min...Int64.max) else { return nil }
    guard values.contains(value) else { throw wrong(name, "is not valid") }
    return value
  }
}
