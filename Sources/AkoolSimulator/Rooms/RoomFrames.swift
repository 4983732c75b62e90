internal import AkoolCore

/// Writes what the avatar says in a room, as AKOOL's own encoder does: sliced in UTF-16, so that a slice can end in the
/// middle of a character.
enum RoomFrames {
  private static let maximumBytes = 950

  static func chat(_ text: String, mid: String) -> [String] {
    let units = Array(text.utf16)
    let longest = max(1, (maximumBytes - chat([], mid, 0, isLast: false).utf8.count) / 4)
    var frames: [String] = []
    var start = 0
    repeat {
      var end = min(start + longest, units.count)
      while end - start > 1, chat(units[start..<end], mid, frames.count, isLast: false).utf8.count > maximumBytes {
        end = start + (end - start + 1) / 2
      }
      frames.append(chat(units[start..<end], mid, frames.count, isLast: end == units.count))
      start = end
    } while start < units.count
    return frames
  }

  static func acknowledgement(_ command: String, mid: String?, _ code: Int64, _ message: String) -> String {
    let payload: JSON = ["cmd": .string(command), "code": .integer(code), "msg": .string(message)]
    var frame = JSONObject([("v", 2), ("type", "command")])
    frame["mid"] = mid.map(JSON.string)
    frame["pld"] = payload
    return JSON.object(frame).serialized()
  }

  static func event(_ name: String, mid: String) -> String {
    let payload: JSON = ["event": .string(name)]
    return JSON.object(JSONObject([("v", 2), ("type", "event"), ("mid", .string(mid)), ("pld", payload)])).serialized()
  }

  private static func chat(_ text: some Sequence<UInt16>, _ mid: String, _ index: Int, isLast: Bool) -> String {
    let head = #"{"v":2,"type":"chat","mid":\#(JSON.string(mid).serialized()),"idx":\#(index),"fin":\#(isLast)"#
    return head + #","pld":{"from":"bot","text":""# + escaped(text) + #""}}"#
  }

  /// As `JSON.stringify` writes it: half a character as an escape.
  private static func escaped(_ units: some Sequence<UInt16>) -> String {
    var result = ""
    var waiting: UInt16?
    func flush() {
      if let unit = waiting { result += "\\u" + String(unit, radix: 16) }
      waiting = nil
    }
    for unit in units {
      if let first = waiting, unit & 0xFC00 == 0xDC00 {
        result += String(decoding: [first, unit], as: UTF16.self)
        waiting = nil
        continue
      }
      flush()
      switch unit & 0xFC00 {
      case 0xD800: waiting = unit
      case 0xDC00: result += "\\u" + String(unit, radix: 16)
      default:
        // In code points: a quote and a joiner behind it are one Character.
        let quoted = JSON.string(String(decoding: [unit], as: UTF16.self)).serialized().unicodeScalars
        result.unicodeScalars += quoted.dropFirst().dropLast()
      }
    }
    flush()
    return result
  }
}
