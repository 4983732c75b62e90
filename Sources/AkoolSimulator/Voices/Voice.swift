internal import AkoolCore

/// A voice, AKOOL's or cloned.
struct Voice {
  let id: String
  let uid: Int64
  let isCloned: Bool
  /// Nil where it is only known once the voice is ready.
  let voiceID: String
  let name: String
  let gender: String
  let language: String
  let locale: String
  let style: [String]
  let age: [String]
  let scenario: [String]
  let model: String
  /// Where a clone's recording is.
  let source: String?
  /// Where its owner wants to be told that it is ready.
  var webhookURL: String?
  let progress: AvatarProgress
  let createdAt: Milliseconds

  /// Voices of the other models do not stream.
  var canStream: Bool { model == "Akool Multilingual 1" || model == "Akool Multilingual 3" }
  /// What the v3 list calls `from`.
  var origin: Int64 { isCloned ? 4 : 3 }

  func isVisible(to uid: Int64) -> Bool { !isCloned || self.uid == uid }

  func json(status: Int64, streamAsNumber: Bool, preview: String) -> JSON {
    let isReady = status == 3
    var object: JSONObject = JSONObject([
      ("_id", .string(id)), ("uid", .integer(uid)), ("team_id", .string("SIMULATED-team-\(uid)")),
      ("voice_id", isReady ? .string(voiceID) : .null), ("gender", .string(gender)),
      ("language", .string(language)), ("locale", .string(locale)), ("name", .string(name)),
      ("preview", isReady ? .string(preview) : .null), ("text", "This is a simulated voice."), ("duration", 8_000),
      ("status", .integer(status)), ("create_time", .integer(createdAt)), ("update_time", .integer(createdAt)),
      ("style", .array(style.map(JSON.string))), ("scenario", .array(scenario.map(JSON.string))),
      ("age", .array(age.map(JSON.string))), ("deduction_credit", 0), ("webhookUrl", .string(webhookURL ?? "")),
      ("voice_model_name", .string(model)),
    ])
    object["support_stream"] = streamAsNumber ? .integer(canStream ? 1 : 2) : .bool(canStream)
    object["source_voice_file"] = source.map(JSON.string)
    return .object(object)
  }

  /// As the v3 list has it.
  func oldJSON(preview: String) -> JSON {
    [
      "_id": .string(id), "create_time": .integer(createdAt), "uid": .integer(uid), "from": .integer(origin),
      "voice_id": .string(voiceID), "gender": .string(gender), "accent": .string(locale), "name": .string(name),
      "description": "simulated", "useCase": .string(scenario.first ?? ""), "type": 1, "preview": .string(preview),
    ]
  }
}

/// What voice/tts or voice/change makes.
struct Recording {
  /// 1 of tts, 2 of change.
  let type: Int64
  let id: String
  let uid: Int64
  let voiceID: String
  let text: String?
  let source: String?
  let price: Credit
  let progress: AvatarProgress
  let createdAt: Milliseconds

  func json(status: Int64, preview: String) -> JSON {
    var object = JSONObject([
      ("_id", .string(id)), ("uid", .integer(uid)), ("type", .integer(type)), ("status", .integer(status)),
      ("voice_id", .string(voiceID)),
    ])
    object["input_text"] = text.map(JSON.string)
    object["source_voice_file"] = source.map(JSON.string)
    object["preview"] = status == 3 ? .string(preview) : .null
    object["deduction_credit"] = price.json
    object["create_time"] = .integer(createdAt)
    return .object(object)
  }
}
