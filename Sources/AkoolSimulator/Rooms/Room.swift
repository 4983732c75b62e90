internal import AkoolCore

/// The avatar's side of a session's data channel.
struct Room {
  /// A message that comes in, put together from its frames.
  private struct Incoming {
    var pieces: [Int64: [UInt16]] = [:]
    var last: Int64?

    var text: String? {
      guard let last, pieces.count == Int(last) + 1 else { return nil }
      return SplitText.text(of: (0...last).flatMap { pieces[$0] ?? [] })
    }
  }

  private(set) var settings: RoomSettings
  private var incoming: [String: Incoming] = [:]
  private var answered = Set<String>()

  init(settings: RoomSettings) { self.settings = settings }

  /// What the avatar sends when it gets a frame. What it does not understand it ignores.
  mutating func answer(_ frame: String, _ newID: () -> String) -> [String] {
    guard let (json, hasHalves) = try? SplitText.parse(Array(frame.utf8)), json["v"] == 2,
      let payload = json["pld"]?.object
    else { return [] }
    let mid = json["mid"]?.string
    switch json["type"]?.string {
    case "chat":
      // Frames with `from` come from an avatar.
      guard let mid, let text = payload["text"]?.string, payload["from"] == nil else { return [] }
      return chat(json, SplitText.units(of: text, hasHalves: hasHalves), mid, newID)
    case "command": return command(payload, mid)
    default: return []
    }
  }

  private mutating func chat(_ json: JSON, _ text: [UInt16], _ mid: String, _ newID: () -> String) -> [String] {
    guard let index = json["idx"]?.integer, (0...100_000).contains(index), !answered.contains(mid) else { return [] }
    incoming[mid, default: Incoming()].pieces[index] = text
    if json["fin"]?.bool == true { incoming[mid]?.last = index }
    guard let whole = incoming[mid]?.text else { return [] }
    incoming[mid] = nil
    answered.insert(mid)
    let words = settings.mode == 1 ? whole : "You said: " + whole
    return [RoomFrames.event("audio_start", mid: newID())] + RoomFrames.chat(words, mid: newID())
      + [RoomFrames.event("audio_end", mid: newID())]
  }

  private mutating func command(_ payload: JSONObject, _ mid: String?) -> [String] {
    guard let name = payload["cmd"]?.string, payload["code"] == nil else { return [] }
    do throws(Refusal) {
      try perform(name, payload)
      return [RoomFrames.acknowledgement(name, mid: mid, 1000, "OK")]
    } catch {
      return [RoomFrames.acknowledgement(name, mid: mid, error.code, error.message)]
    }
  }

  private mutating func perform(_ command: String, _ payload: JSONObject) throws(Refusal) {
    switch command {
    case "interrupt": break
    case "set-params": try settings.change(Self.data(of: payload))
    case "set-action": try Self.checkAction(Self.data(of: payload))
    default: throw .parameter("unknown command")
    }
  }

  private static func data(of payload: JSONObject) throws(Refusal) -> Fields {
    guard let data = payload["data"]?.object else { throw .parameter("data must be an object") }
    return Fields(data)
  }

  private static func checkAction(_ data: Fields) throws(Refusal) {
    let action = try data.choice("action", actions)
    let expression = try data.choice("expression", expressions)
    if action == nil, expression == nil { throw .parameter("data must not be empty") }
  }

  private static let actions: Set = [
    "hand_wave", "cheer", "thumbs_up", "pump_fists", "nod", "shake", "waft_left", "waft_right",
  ]
  private static let expressions: Set = [
    "angry", "disgust", "fear", "happiness", "sadness", "surprise", "contempt",
  ]
}

extension SimulatedService {
  /// Sends frames to the avatar of a session; returns its answers, and the settings that hold after them.
  func talk(_ body: JSONObject) throws(AkoolError) -> JSON {
    try AkoolError.check(body, knows: ["id", "frames"])
    guard let id = body["id"]?.string, let index = model.sessions.index(id: id), model.sessions[index].isOpen else {
      throw AkoolError(model.unknownSession())
    }
    let frames = try Self.frames(body["frames"], model.sessions[index].credentials.streamType)
    var room = model.rooms[id] ?? Room(settings: model.sessions[index].settings)
    var answers: [JSON] = []
    for frame in frames { answers += room.answer(frame, { model.ids.next(at: model.now) }).map(JSON.string) }
    model.rooms[id] = room
    return ["frames": .array(answers), "settings": .object(room.settings.json)]
  }

  private static func frames(_ json: JSON?, _ streamType: StreamType) throws(AkoolError) -> [String] {
    guard let elements = json?.array else { throw AkoolError(.invalidArgument, "frames must be an array of strings") }
    var frames: [String] = []
    for element in elements {
      guard let frame = element.string else { throw AkoolError(.invalidArgument, "frames must be strings") }
      guard frame.utf8.count <= streamType.maximumFrameBytes else {
        throw AkoolError(
          .invalidArgument,
          "a frame has \(frame.utf8.count) bytes; \(streamType.rawValue) carries at most \(streamType.maximumFrameBytes)"
        )
      }
      frames.append(frame)
    }
    return frames
  }
}
