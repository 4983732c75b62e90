/// A frame that came in, as far as it was understood. Nothing that a peer sends is an error.
enum MessageFrame: Sendable {
  struct Chat: Sendable {
    let from: String
    let mid: String
    let index: Int?
    let isLast: Bool
    let units: [UInt16]
  }

  struct Ack: Sendable {
    let mid: String
    let command: String
    let code: Int64
    let message: String?
  }

  case chat(Chat)
  case ack(Ack)
  /// What needs no memory of the conversation.
  case other(JSON)

  /// The largest frame that is looked at; no transport carries so much.
  static let maximumBytes = 65_536
  private static let maximumMid = 256
  private static let maximumIndex: Int64 = 100_000

  init(_ bytes: [UInt8]) {
    guard let (value, hasHalves) = try? SplitText.parse(bytes), let frame = value.object else {
      self = .other(Self.unknown("it is not a JSON object"))
      return
    }
    self = Self.read(frame, hasHalves)
  }

  static func tooLarge(_ bytes: Int) -> MessageFrame {
    .other(unknown("it has \(bytes) bytes, more than any transport carries"))
  }

  static func unknown(_ reason: String, mid: String? = nil) -> JSON {
    var item = JSONObject([("kind", "unknown"), ("reason", .string(reason))])
    item["mid"] = mid.map(JSON.string)
    return .object(item)
  }

  private static func read(_ frame: JSONObject, _ hasHalves: Bool) -> MessageFrame {
    let mid = frame["mid"]?.string
    guard Normaliser.number(frame["v"]) == 2 else {
      return .other(unknown("it is of version \(shown(frame["v"])), not 2", mid: mid))
    }
    guard let payload = frame["pld"]?.object else { return .other(unknown("it has no pld", mid: mid)) }
    guard (mid ?? "").utf8.count <= maximumMid else { return .other(unknown("its mid is too long")) }
    switch frame["type"]?.string {
    case "chat": return chat(frame, payload, mid ?? "", hasHalves)
    // AKOOL's first clients waited for a type cmd.
    case "command", "cmd": return command(payload, mid)
    case "event": return event(payload, mid)
    default: return .other(unknown("its type is \(shown(frame["type"]))", mid: mid))
    }
  }

  private static func chat(
    _ frame: JSONObject, _ payload: JSONObject, _ mid: String, _ hasHalves: Bool
  ) -> MessageFrame {
    guard let text = payload["text"]?.string else { return .other(unknown("its pld has no text", mid: mid)) }
    let index = Normaliser.number(frame["idx"])
    if let index, !(0...maximumIndex).contains(index) { return .other(unknown("its idx is \(index)", mid: mid)) }
    // One of AKOOL's samples looks for fin in pld; without any a frame stands for itself.
    let isLast = frame["fin"]?.bool ?? payload["fin"]?.bool ?? (index == nil)
    return .chat(
      Chat(
        from: payload["from"]?.string.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(64))) } ?? "",
        mid: mid, index: index.map(Int.init),
        isLast: isLast, units: SplitText.units(of: text, hasHalves: hasHalves)))
  }

  /// An acknowledgement has a code; without one it is another participant's command.
  private static func command(_ payload: JSONObject, _ mid: String?) -> MessageFrame {
    let name = payload["cmd"]?.string ?? ""
    guard let code = Normaliser.number(payload["code"]) else {
      return .other(["kind": "command", "mid": .string(mid ?? ""), "cmd": .string(name)])
    }
    return .ack(Ack(mid: mid ?? "", command: name, code: code, message: payload["msg"]?.string))
  }

  private static func event(_ payload: JSONObject, _ mid: String?) -> MessageFrame {
    var item = JSONObject([("kind", "event"), ("event", payload["event"] ?? .null)])
    item["mid"] = mid.map(JSON.string)
    return .other(.object(item))
  }

  private static func shown(_ value: JSON?) -> String {
    value.map { String(String.UnicodeScalarView($0.serialized().unicodeScalars.prefix(32))) } ?? "missing"
  }
}
