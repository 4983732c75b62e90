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

  /// 1 says what it is given, 2 answers.
  var mode: Int64
  private var incoming: [String: Incoming] = [:]
  private var answered = Set<String>()

  init(mode: Int64) { self.mode = mode }

  /// What the avatar sends when it gets a frame. What it does not understand it ignores.
  mutating func answer(_ frame: String, _ newID: () -> String) -> [String] {
    guard let (json, hasHalves) = try? SplitText.parse(Array(frame.utf8)), json["v"] == 2,
      let mid = json["mid"]?.string, let payload = json["pld"]?.object
    else { return [] }
    switch json["type"]?.string {
    case "chat":
      guard let text = payload["text"]?.string else { return [] }
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
    let words = mode == 1 ? whole : "You said: " + whole
    return [RoomFrames.event("audio_start", mid: newID())] + RoomFrames.chat(words, mid: newID())
      + [RoomFrames.event("audio_end", mid: newID())]
  }

  private mutating func command(_ payload: JSONObject, _ mid: String) -> [String] {
    guard let name = payload["cmd"]?.string, payload["code"] == nil else { return [] }
    let data = payload["data"]?.object ?? [:]
    var fault: String?
    switch name {
    case "interrupt": break
    case "set-params":
      if let mode = data["mode"] {
        if let number = mode.integer, (1...2).contains(number) {
          self.mode = number
        } else {
          fault = "mode is not valid"
        }
      }
    case "set-action": if data.isEmpty { fault = "data must not be empty" }
    default: fault = "unknown command"
    }
    return [RoomFrames.acknowledgement(name, mid: mid, fault == nil ? 1000 : 1003, fault ?? "OK")]
  }
}

extension SimulatedService {
  /// The avatar of the session that `id` names gets `frames` and answers with others.
  func talk(_ body: JSONObject) throws(AkoolError) -> JSON {
    try AkoolError.check(body, knows: ["id", "frames"])
    guard let id = body["id"]?.string, let index = model.sessions.index(id: id), model.sessions[index].isOpen else {
      throw AkoolError(model.unknownSession())
    }
    var room = model.rooms[id] ?? Room(mode: model.sessions[index].mode)
    var answers: [JSON] = []
    for frame in body["frames"]?.array ?? [] {
      answers += room.answer(frame.string ?? "", { model.ids.next(at: model.now) }).map(JSON.string)
    }
    model.rooms[id] = room
    return ["frames": .array(answers)]
  }
}
