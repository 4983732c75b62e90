/// Brings the shapes in which voices come to one.
enum VoiceNormaliser {
  @Sendable static func normalise(_ voice: JSONObject) -> JSONObject {
    var voice = voice
    Normaliser.identifier(&voice)
    Normaliser.state(&voice, VoiceSchemas.states)
    // Requests say 1 and 2 for what replies call true and false.
    switch Normaliser.number(voice["support_stream"]) {
    case 1: voice["support_stream"] = true
    case 2: voice["support_stream"] = false
    default: break
    }
    return voice
  }

  /// A recording, bare or as the `result` of an object.
  @Sendable static func recording(_ data: JSONObject) -> JSONObject {
    normalise(data["result"]?.object ?? data)
  }
}
