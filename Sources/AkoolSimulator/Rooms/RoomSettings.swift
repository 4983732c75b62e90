internal import AkoolCore

/// Settings that hold in a room, by the names of set-params.
struct RoomSettings {
  private static let voiceNames = [
    "vid", "vurl", "speed", "stt_language", "pron_map", "stt_type", "turn_detection",
  ]

  private(set) var json: JSONObject

  /// 1 says what it is given, 2 answers.
  var mode: Int64 { json["mode"]?.integer ?? 2 }

  /// Settings of session/create, which has other names for most of them.
  init(session fields: Fields) throws(Refusal) {
    json = JSONObject([("mode", .integer(try fields.integer("mode_type", 1...2) ?? 2))])
    json["lang"] = fields.value("language")
    json["bgurl"] = fields.value("background_url")
    var voice = JSONObject()
    let given = try fields.nested("voice_params")
    voice["vid"] = given?.value("voice_id")?.string.map(JSON.string) ?? fields.value("voice_id")
    voice["vurl"] = fields.value("voice_url")
    for name in Self.voiceNames.dropFirst(2) { voice[name] = given?.value(name) }
    if !voice.isEmpty { json["vparams"] = .object(voice) }
  }

  /// Applies the data of set-params: all of it or, if a value is wrong, none.
  mutating func change(_ data: Fields) throws(Refusal) {
    var changed = json
    if let mode = try data.integer("mode", 1...2) { changed["mode"] = .integer(mode) }
    for name in ["lang", "bgurl"] {
      if let text = try data.text(name) { changed[name] = .string(text) }
    }
    let voice = try voice(changedBy: data)
    if !voice.isEmpty { changed["vparams"] = .object(voice) }
    json = changed
  }

  private func voice(changedBy data: Fields) throws(Refusal) -> JSONObject {
    var voice = json["vparams"]?.object ?? JSONObject()
    let given = try data.nested("vparams")
    // The outer ones are deprecated.
    for fields in [data, given].compactMap(\.self) {
      for name in Self.voiceNames.prefix(2) {
        if let text = try fields.text(name) { voice[name] = .string(text) }
      }
    }
    guard let given else { return voice }
    try VoiceParameters.check(given, isFastDialogue: false)
    for name in Self.voiceNames.dropFirst(2) {
      if let value = given.value(name) { voice[name] = value }
    }
    return voice
  }
}
