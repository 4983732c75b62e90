internal import AkoolCore

/// Product of voice/tts or voice/change.
struct Recording {
  /// Request that it is made for.
  enum Order {
    case speech(text: String)
    case change(source: String)
  }

  let order: Order
  let id: String
  let uid: Int64
  let voice: Voice
  let settings: SpeechSettings
  let webhookURL: String?
  let price: Credit
  let progress: AvatarProgress
  let createdAt: Milliseconds

  /// 1 of tts, 2 of change.
  var type: Int64 { text == nil ? 2 : 1 }

  var text: String? {
    if case .speech(let text) = order { text } else { nil }
  }

  private var source: String? {
    if case .change(let source) = order { source } else { nil }
  }

  /// Generated name: 32 hexadecimal digits.
  private var name: String { id + id.suffix(8) }

  /// File name of the source, or a generated one.
  private var fileName: String {
    let path = source?.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").dropFirst(2)
    return path?.last.map(String.init) ?? "\(name).\(settings.format.rawValue)"
  }

  /// Last part of the link to the file.
  var linkedName: String { "\(id).\(settings.format.rawValue)" }

  /// Length of the audio: 60 ms for a spoken character.
  var length: Milliseconds { Int64(text?.unicodeScalars.count ?? 100) * 60 }

  // MARK: Answers

  /// The answer of voice/tts and voice/change.
  func ordered(status: Int64, preview: String) -> JSON {
    var object = common(status, preview)
    object["input_text"] = text.map(JSON.string)
    object["source_voice_file"] = source.map(JSON.string)
    object["voice_model_id"] = .string(voice.id)
    object["voice_id"] = .string(voice.voiceID)
    object["voice_options"] = .object(settings.options)
    return .object(object)
  }

  /// A record of voice/resource/list.
  func listed(status: Int64, preview: String) -> JSON { .object(record(status, preview)) }

  /// The record of voice/resource/detail.
  func detailed(status: Int64, preview: String) -> JSON {
    var object = record(status, preview)
    object["priority"] = 2
    if text != nil { object["language_code"] = .string(settings.languageCode) }
    return .object(object)
  }

  private func record(_ status: Int64, _ preview: String) -> JSONObject {
    var object = common(status, preview)
    object["update_time"] = .integer(updateTime(status))
    object["rate"] = "100%"
    object["input_text"] = text.map(JSON.string)
    object["__v"] = 0
    return object
  }

  private func common(_ status: Int64, _ preview: String) -> JSONObject {
    JSONObject([
      ("_id", .string(id)), ("create_time", .integer(createdAt)), ("uid", .integer(uid)),
      ("team_id", .string("SIMULATED-team-\(uid)")), ("preview", status == 3 ? .string(preview) : .null),
      ("status", .integer(status)), ("webhookUrl", .string(webhookURL ?? "")),
      ("duration", .integer(status == 3 || source != nil ? length : 0)), ("file_name", .string(fileName)),
      ("gender", .string(voice.gender)), ("deduction_credit", price.json), ("name", .string(name)),
    ])
  }

  private func updateTime(_ status: Int64) -> Milliseconds {
    switch status {
    case 1: 0
    case 2: progress.processingAt
    default: progress.doneAt
    }
  }
}
