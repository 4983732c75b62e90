/// What a schema cannot say about creating a session: which fields go together.
enum SessionCreationRules {
  private static let required = [
    "agora": ["agora_uid", "agora_channel", "agora_token"],
    "livekit": ["livekit_url", "livekit_token"],
    "trtc": ["trtc_sdk_app_id", "trtc_sdk_room_id", "trtc_sdk_user_id", "trtc_sdk_user_sig"],
  ]

  @Sendable static func check(_ given: JSONObject, _ validator: inout SchemaValidator) {
    let parameters = withoutEmpty(given)
    checkCredentials(parameters, &validator)
    checkScene(parameters, &validator)
    checkVoice(parameters, &validator)
  }

  /// AKOOL takes empty texts and objects for absent, and its own demo sends them.
  static func withoutEmpty(_ parameters: JSONObject) -> JSONObject {
    JSONObject(unique: parameters.members.filter { $0.value != "" && $0.value != [:] && !$0.value.isNull })
  }

  private static func checkCredentials(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    guard let credentials = parameters["credentials"]?.object else { return }
    let transport = parameters["stream_type"]?.string ?? "agora"
    for name in required[transport] ?? [] where isEmpty(credentials[name]) {
      validator.report("credentials.\(name)", "is required with stream_type \"\(transport)\"")
    }
    if transport == "livekit", let url = credentials["livekit_url"]?.string, !isWebSocket(url) {
      validator.report("credentials.livekit_url", "must begin with wss:// or ws://")
    }
    for name in ["agora_uid", "trtc_sdk_app_id"] {
      if let text = credentials[name]?.string, Int64(text) == nil, !text.isEmpty {
        validator.report("credentials.\(name)", "must be a number, or its digits as text")
      }
    }
    for name in credentials.keys where !belongs(name, to: transport) {
      validator.report("credentials.\(name)", "does not go with stream_type \"\(transport)\"")
    }
  }

  private static func isEmpty(_ value: JSON?) -> Bool { value == nil || value == "" || value == .null }

  private static func isWebSocket(_ url: String) -> Bool {
    url.hasPrefix("wss://") || url.hasPrefix("ws://") || url.hasPrefix("https://") || url.hasPrefix("http://")
  }

  private static func belongs(_ name: String, to transport: String) -> Bool {
    if name.hasPrefix("audio_") { return transport == "livekit" }
    return name.hasPrefix(transport + "_") || !SessionSchemas.streamTypes.contains { name.hasPrefix($0 + "_") }
  }

  private static func checkScene(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    if parameters["e2e_type"] != nil, parameters["scene_mode"] != "fast_dialogue" {
      validator.report("e2e_type", "goes only with scene_mode \"fast_dialogue\"")
    }
  }

  private static func checkVoice(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    guard let voice = parameters["voice_params"]?.object else { return }
    if parameters["scene_mode"] == "fast_dialogue" {
      for name in ["speed", "pron_map", "stt_type"] where voice[name] != nil {
        validator.report("voice_params.\(name)", "does not go with scene_mode \"fast_dialogue\"")
      }
    } else if voice["voice_id"] != nil {
      validator.report(
        "voice_params.voice_id",
        "goes only with scene_mode \"fast_dialogue\"; otherwise voice_id stands beside voice_params")
    }
  }
}
