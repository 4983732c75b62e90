internal import AkoolCore

/// The parameters of session/create, as far as they matter here; all of them are checked.
struct SessionParameters {
  static let longest: Milliseconds = .seconds(3600)

  let avatarID: String
  let duration: Milliseconds
  let streamType: StreamType
  let ownCredentials: JoinCredentials?
  let knowledgeID: String?
  let settings: RoomSettings

  init(_ fields: Fields, _ options: SimulatorOptions) throws(Refusal) {
    avatarID = try fields.requiredText("avatar_id")
    duration = try Self.duration(fields) ?? .seconds(options.defaultDurationSeconds)
    let name = try fields.choice("stream_type", Set(StreamType.allCases.map(\.rawValue)))
    let streamType = name.flatMap(StreamType.init) ?? .agora
    self.streamType = streamType
    ownCredentials = try Self.credentials(fields, streamType)
    knowledgeID = try Self.knowledgeID(fields)
    try Self.checkConversation(fields, options)
    settings = try RoomSettings(session: fields)
  }

  private static func duration(_ fields: Fields) throws(Refusal) -> Milliseconds? {
    guard let seconds = try fields.number("duration") else { return nil }
    guard seconds > 0, seconds <= 3600 else { throw fields.wrong("duration", "must be above 0 and at most 3600") }
    return Milliseconds((seconds * 1000).rounded(.up))
  }

  private static func credentials(_ fields: Fields, _ type: StreamType) throws(Refusal) -> JoinCredentials? {
    guard let own = try fields.nested("credentials") else { return nil }
    return try JoinCredentials(own: own, type)
  }

  private static func checkConversation(_ fields: Fields, _ options: SimulatorOptions) throws(Refusal) {
    for name in ["voice_id", "voice_url", "language", "background_url", "webhookUrl"] { _ = try fields.text(name) }
    let scenes: Set = options.sceneModeMeetingAccepted ? ["fast_dialogue", "meeting"] : ["fast_dialogue"]
    let scene = try fields.choice("scene_mode", scenes)
    if try fields.choice("e2e_type", ["openai"]) != nil, scene != "fast_dialogue" {
      throw fields.wrong("e2e_type", "needs scene_mode fast_dialogue")
    }
    guard let voice = try fields.nested("voice_params") else { return }
    try VoiceParameters.check(voice, isFastDialogue: scene == "fast_dialogue")
  }

  private static func knowledgeID(_ fields: Fields) throws(Refusal) -> String? {
    guard let id = try fields.text("knowledge_id") else { return nil }
    let isObjectID = id.utf8.count == 24 && id.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    guard isObjectID else { throw fields.wrong("knowledge_id", "must be 24 hexadecimal digits") }
    return id
  }
}
