/// Writes the frames of the room protocol, version 2.
enum MessageFrames {
  /// One frame: a JSON object as it goes out.
  struct Frame {
    let text: String
    let bytes: Int

    init(_ bytes: [UInt8]) {
      text = String(decoding: bytes, as: UTF8.self)
      self.bytes = bytes.count
    }
  }

  static func command(_ name: String, _ data: JSON?, mid: String) -> Frame {
    var payload = JSONObject([("cmd", .string(name))])
    payload["data"] = data.map(shortNumbers)
    let frame = JSONObject([("v", 2), ("type", "command"), ("mid", .string(mid)), ("pld", .object(payload))])
    return Frame(JSON.object(frame).serializedBytes())
  }

  /// A text in as few frames as fit, cut between code points.
  static func chat(_ text: String, mid: String, maximum: Int) throws(AkoolError) -> [Frame] {
    var frames: [Frame] = []
    var rest = text.unicodeScalars[...]
    repeat {
      let index = frames.count
      let (piece, isLast) = cut(rest, room: maximum - chat("", mid, index, isLast: true).count)
      guard !piece.isEmpty else {
        throw AkoolError(
          .invalidArgument,
          "message.encode: limits.max_bytes: \(maximum) leaves no room for text beside the \(mid.utf8.count) bytes of mid",
          hint: "A frame needs about 70 bytes for itself.")
      }
      rest = rest[piece.endIndex...]
      frames.append(Frame(chat(String(String.UnicodeScalarView(piece)), mid, index, isLast: isLast)))
    } while !rest.isEmpty
    return frames
  }

  /// As much as fits; `room` is what a last frame has for the text, of which "false" takes a byte more.
  private static func cut(_ text: Substring.UnicodeScalarView, room: Int) -> (Substring.UnicodeScalarView, Bool) {
    var used = 0
    var end = text.startIndex
    while end < text.endIndex, used + size(text[end]) <= room - 1 {
      used += size(text[end])
      text.formIndex(after: &end)
    }
    guard end < text.endIndex else { return (text, true) }
    let next = text.index(after: end)
    if next == text.endIndex, used + size(text[end]) <= room { return (text, true) }
    return (text[..<end], false)
  }

  /// The bytes of a code point inside a JSON string.
  private static func size(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x22, 0x5C, 0x08, 0x09, 0x0A, 0x0C, 0x0D: return 2
    case 0..<0x20: return 6
    case 0..<0x80: return 1
    case 0..<0x800: return 2
    case 0..<0x1_0000: return 3
    default: return 4
    }
  }

  private static func chat(_ text: String, _ mid: String, _ index: Int, isLast: Bool) -> [UInt8] {
    let payload: JSON = ["text": .string(text)]
    let frame = JSONObject([
      ("v", 2), ("type", "chat"), ("mid", .string(mid)), ("idx", .integer(Int64(index))), ("fin", .bool(isLast)),
      ("pld", payload),
    ])
    return JSON.object(frame).serializedBytes()
  }

  /// Whole numbers as JavaScript writes them: without a fraction.
  private static func shortNumbers(_ value: JSON) -> JSON {
    switch value {
    case .number: return value.integer.map(JSON.integer) ?? value
    case .array(let elements): return .array(elements.map(shortNumbers))
    case .object(let object):
      return .object(JSONObject(unique: object.members.map { ($0.key, shortNumbers($0.value)) }))
    default: return value
    }
  }
}
