internal import AkoolCore

/// Keeps secrets out of the request log.
enum Redaction {
  private static let secretNames: Set = [
    "clientId", "clientSecret", "api_key", "agora_token", "livekit_token", "trtc_sdk_user_sig", "trtc_user_sig",
    "token",
  ]

  /// The body as JSON without its secrets; what is no JSON shows nothing but its size.
  static func body(_ bytes: [UInt8]) -> JSON {
    guard let json = try? JSON.parse(serverBytes: bytes) else { return .string("\(bytes.count) bytes, not JSON") }
    return redacted(json)
  }

  /// Nesting is bounded by the parser.
  private static func redacted(_ json: JSON) -> JSON {
    switch json {
    case .array(let elements): return .array(elements.map(redacted))
    case .object(let object):
      return .object(
        JSONObject(
          object.members.map { name, value in
            (name, secretNames.contains(name) && !value.isNull ? "[redacted]" : redacted(value))
          }))
    default: return json
    }
  }
}
