/// Brings the shapes in which sessions come to one.
enum SessionNormaliser {
  @Sendable static func normalise(_ session: JSONObject) -> JSONObject {
    var result = session
    Normaliser.identifier(&result)
    Normaliser.state(&result, SessionSchemas.states)
    if result["credentials"]?.object == nil, let urls = result["stream_urls"]?.object {
      result["credentials"] = .object(urls)
    }
    if let credentials = result["credentials"]?.object, isOfTRTC(credentials) {
      result["credentials"] = .object(withPlainTRTC(credentials))
    }
    return result
  }

  static func session(_ data: JSON, _ endpoint: Endpoint) throws(AkoolError) -> JSONObject {
    guard let object = data.object ?? data[0]?.object else {
      throw ReplyFaults.missing("session", endpoint, data)
    }
    return normalise(object)
  }

  private static func isOfTRTC(_ credentials: JSONObject) -> Bool {
    credentials.members.contains { $0.key.hasPrefix("trtc_") }
  }

  /// The names of trtc's credentials as the service sends them, where it sent those of the request, and the
  /// application as the number that TRTC's SDKs take.
  static func withPlainTRTC(_ credentials: JSONObject) -> JSONObject {
    var result = credentials
    for part in ["app_id", "room_id", "user_id", "user_sig"] where result["trtc_\(part)"] == nil {
      result["trtc_\(part)"] = result["trtc_sdk_\(part)"]
    }
    if let id = Normaliser.number(result["trtc_app_id"]) { result["trtc_app_id"] = .integer(id) }
    return result
  }
}

/// What the client of a visitor needs to join a session's room.
struct SessionJoin {
  /// How long Agora's token admits, from the reply on, in milliseconds.
  private static let agoraTokenLifetime: Int64 = 300_000

  let session: JSONObject
  /// The room that the caller brought. Its credentials are the avatar's seat: the visitor has a token of
  /// their own, from the owner of the room.
  let ownRoom: JSONObject?
  /// When the reply was made, on the server's clock, in Unix milliseconds.
  let now: Int64
  let expires: Int64

  var json: JSON {
    let transport = session["stream_type"]?.string ?? "agora"
    let credentials = SessionNormaliser.withPlainTRTC(ownRoom ?? session["credentials"]?.object ?? [:])
    var join: JSONObject = ["transport": .string(transport)]
    for (name, source) in Self.names[transport] ?? [] where ownRoom == nil || !["token", "user_id"].contains(name) {
      join[name] = credentials[source]
    }
    if ownRoom == nil { join["join_before"] = joinBefore(transport, join["token"]?.string).map(JSON.integer) }
    join["expires_at"] = .integer(expires)
    return .object(join)
  }

  private static let names: [String: [(String, String)]] = [
    "agora": [
      ("app_id", "agora_app_id"), ("room", "agora_channel"), ("token", "agora_token"), ("user_id", "agora_uid"),
    ],
    "livekit": [
      ("url", "livekit_url"), ("room", "livekit_room_name"), ("token", "livekit_token"),
      ("user_id", "livekit_client_identity"),
    ],
    "trtc": [
      ("app_id", "trtc_app_id"), ("room", "trtc_room_id"), ("token", "trtc_user_sig"), ("user_id", "trtc_user_id"),
    ],
  ]

  private func joinBefore(_ transport: String, _ token: String?) -> Int64? {
    switch transport {
    case "agora": return now + Self.agoraTokenLifetime
    case "livekit": return token.flatMap(JSONWebToken.expiry)
    default: return nil
    }
  }
}
