internal import AkoolCore

/// What somebody needs to join the room of a session. TRTC's members have the names of requests in here.
struct JoinCredentials {
  let streamType: StreamType
  /// Whether the room is the caller's own.
  let isOwn: Bool
  private let members: JSONObject

  /// The caller's own; what no answer has is left out.
  init(own fields: Fields, _ streamType: StreamType) throws(Refusal) {
    var members = JSONObject()
    for (name, isNumber) in streamType.requiredCredentials {
      guard let value = fields.value(name) else { throw fields.wrong(name, "must not be empty") }
      guard isNumber ? Self.isNumber(value) : value.string != nil else { throw fields.wrong(name, "has a wrong type") }
      members[name] = value
    }
    for name in streamType.optionalCredentials { members[name] = try fields.text(name).map(JSON.string) }
    self.streamType = streamType
    isOwn = true
    self.members = members
  }

  /// A room of the service. Nothing in it is real: every name and token begins with `SIMULATED-`, or says so in
  /// its claims.
  init(room: String, _ streamType: StreamType, expiry: Milliseconds, _ random: inout RandomSource) {
    self.streamType = streamType
    isOwn = false
    switch streamType {
    case .agora: members = Self.agora(room, &random)
    case .livekit: members = Self.livekit(room, expiry: expiry, &random)
    case .trtc: members = Self.trtc(room, &random)
    }
  }

  /// AKOOL's clients send numbers also as text.
  private static func isNumber(_ value: JSON) -> Bool {
    value.double != nil || value.string.map { Int64($0) != nil } == true
  }

  func json(_ options: SimulatorOptions, withToken: Bool) -> JSON {
    let shown = withToken ? members.members : members.members.filter { $0.key != streamType.tokenName }
    return .object(JSONObject(shown.map { (Self.answered($0.key, options), $0.value) }))
  }

  private static func answered(_ name: String, _ options: SimulatorOptions) -> String {
    guard options.trtcNames == .trtc, name.hasPrefix("trtc_sdk_") else { return name }
    return "trtc_" + name.dropFirst("trtc_sdk_".count)
  }

  private static func agora(_ room: String, _ random: inout RandomSource) -> JSONObject {
    JSONObject([
      ("agora_uid", 100_000), ("agora_app_id", "SIMULATED-agora-app"),
      ("agora_channel", .string("SIMULATED-channel-\(room)")), ("agora_token", noise(&random)),
    ])
  }

  private static func trtc(_ room: String, _ random: inout RandomSource) -> JSONObject {
    JSONObject([
      ("trtc_sdk_app_id", 1_400_000_000), ("trtc_sdk_room_id", .string("SIMULATED-room-\(room)")),
      ("trtc_sdk_user_id", .string("SIMULATED-user-\(room)")), ("trtc_sdk_user_sig", noise(&random)),
    ])
  }

  private static func livekit(_ room: String, expiry: Milliseconds, _ random: inout RandomSource) -> JSONObject {
    let name = JSON.string("SIMULATED-room-\(room)")
    let identity = JSON.string("SIMULATED-client-\(room)")
    let claims: JSON = [
      "iss": "SIMULATED-livekit", "sub": identity, "exp": .integer(expiry / 1000),
      "video": ["room": name, "roomJoin": true, "canPublish": true, "canSubscribe": true],
    ]
    return JSONObject([
      ("livekit_url", "wss://simulated.example.com"),
      ("livekit_token", .string(JSONWebToken.text(claims: claims, &random))), ("livekit_room_name", name),
      ("livekit_client_identity", identity),
      ("livekit_server_identity", .string("SIMULATED-server-\(room)")),
    ])
  }

  private static func noise(_ random: inout RandomSource) -> JSON {
    .string("SIMULATED-" + Hexadecimal.text(random.bytes(16)))
  }
}
