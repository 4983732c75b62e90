/// A session that is to be opened: what AKOOL is asked for, and what the library keeps to itself.
struct SessionPlan {
  /// What libakool adds to AKOOL's parameters.
  static let ownParameters = ["slot_wait_ms", "busy_wait_ms", "heartbeat_timeout_ms"]

  /// What was asked for, as it was given.
  let given: JSONObject
  /// Body of the request.
  let parameters: JSONObject
  /// The request, where it was built before.
  private let prepared: EndpointRequest?
  let tag: String?
  /// How long to wait for a slot, in milliseconds.
  let slotWait: Int64
  /// How long to try again while the avatar is occupied, in milliseconds.
  let busyWait: Int64
  let heartbeatTimeout: Int64?

  init(_ given: JSONObject, tag: String?, prepared: EndpointRequest? = nil) {
    self.given = given
    self.prepared = prepared
    var parameters = SessionCreationRules.withoutEmpty(given)
    if parameters["duration"] == nil { parameters["duration"] = .integer(SessionSchemas.defaultDuration) }
    slotWait = parameters["slot_wait_ms"]?.integer ?? 0
    busyWait = parameters["busy_wait_ms"]?.integer ?? 0
    heartbeatTimeout = parameters["heartbeat_timeout_ms"]?.integer
    for name in Self.ownParameters { parameters[name] = nil }
    self.parameters = parameters
    self.tag = tag
  }

  /// The same, waiting so long for the avatar and for a slot.
  func patient(_ milliseconds: Int64) -> SessionPlan {
    var given = given
    for name in ["slot_wait_ms", "busy_wait_ms"] {
      given[name] = .integer(max(milliseconds, given[name]?.integer ?? 0))
    }
    return SessionPlan(given, tag: tag)
  }

  var request: EndpointRequest { prepared ?? SessionOperations.creation.request(parameters, .paid) }

  var avatarID: String { parameters["avatar_id"]?.string ?? "" }
  var streamType: String { parameters["stream_type"]?.string ?? "agora" }
  var ownRoom: String? { parameters["credentials"]?.object.flatMap { RoomName.of($0) } }

  /// Longest duration that is counted, in seconds.
  private static let longest = 1_000_000_000

  /// Duration in whole seconds. A number that is too large to be read counts as the longest.
  var duration: Int64 {
    guard let given = parameters["duration"] else { return 0 }
    let seconds = given.double ?? given.string.flatMap(Double.init) ?? (given.typeName == "number" ? .infinity : 0)
    return seconds > 0 ? Int64(min(seconds, Double(Self.longest)).rounded(.up)) : 0
  }
}

/// The name of the room in a session's credentials.
enum RoomName {
  private static let keys = ["agora_channel", "livekit_room_name", "trtc_sdk_room_id", "trtc_room_id"]

  static func of(_ credentials: JSONObject) -> String? {
    for key in keys { if let name = credentials[key]?.string { return name } }
    return nil
  }
}
