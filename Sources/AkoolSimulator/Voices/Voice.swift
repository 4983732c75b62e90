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
  /// Text of the preview.
  var text = "This is a simulated voice."
  /// Where a clone's recording is.
  let source: String?
  /// Where its owner wants to be told that it is ready.
  var webhookURL: String?
  let progress: AvatarProgress
  let createdAt: Milliseconds

  /// The only model that voice/change supports.
  static let changingModel = "Akool Multilingual 1"

  /// Voices of the other models do not stream.
  var canStream: Bool { model == "Akool Multilingual 1" || model == "Akool Multilingual 3" }
  /// What the v3 list calls `from`.
  var origin: Int64 { isCloned ? 4 : 3 }

  func isVisible(to uid: Int64) -> Bool { !isCloned || self.uid == uid }

  /// As voice/list and voice/detail have it.
  func listed(status: Int64, preview: String, _ options: SimulatorOptions) -> JSON {
    var object = common(status, preview)
    object["language"] = .string(language)
    object["locale"] = .string(locale)
    if options.voiceUpdateTime {
      object["update_time"] = .integer(status >= 3 ? max(createdAt, progress.doneAt) : createdAt)
    }
    object["voice_model_name"] = .string(model)
    object["support_stream"] = options.supportStreamAsNumber ? .integer(canStream ? 1 : 2) : .bool(canStream)
    return .object(object)
  }

  /// As voice/clone answers it.
  func cloned(status: Int64, preview: String) -> JSON {
    var object = common(status, preview)
    object["source_voice_file"] = source.map(JSON.string)
    return .object(object)
  }

  private func common(_ status: Int64, _ preview: String) -> JSONObject {
    let isReady = status == 3
    return JSONObject([
      ("_id", .string(id)), ("uid", .integer(uid)), ("team_id", .string("SIMULATED-team-\(uid)")),
      ("voice_id", isReady ? .string(voiceID) : .null), ("gender", .string(gender)), ("name", .string(name)),
      ("preview", isReady ? .string(preview) : .null), ("text", .string(text)), ("duration", 8_000),
      ("status", .integer(status)), ("create_time", .integer(createdAt)),
      ("style", .array(style.map(JSON.string))), ("scenario", .array(scenario.map(JSON.string))),
      ("age", .array(age.map(JSON.string))), ("deduction_credit", 0), ("webhookUrl", .string(webhookURL ?? "")),
    ])
  }

  /// As the v3 list has it.
  func oldJSON(preview: String) -> JSON {
    [
      "_id": .string(id), "create_time": .integer(createdAt), "uid": .integer(uid), "from": .integer(origin),
      "voice_id": .string(voiceID), "gender": .string(gender), "accent": .string(locale), "name": .string(name),
      "description": "simulated", "useCase": .string(scenario.first ?? ""), "type": 1, "preview": .string(preview),
      "__v": 0,
    ]
  }
}
