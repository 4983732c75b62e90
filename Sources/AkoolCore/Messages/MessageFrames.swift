/// Writes the frames of the room protocol, version 2.
enum MessageFrames {
  static func command(_ name: String, _ data: JSON?, mid: String) -> [UInt8] {
    var payload = JSONObject([("cmd", .string(name))])
    payload["data"] = data.map(shortNumbers)
    let frame = JSONObject([("v", 2), ("type", "command"), ("mid", .string(mid)), ("pld", .object(payload))])
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

/// The frames of one chat text: as few as fit, cut between code points. Takes linear time.
struct ChatFrames: Sendable {
  /// One frame: where its text ends, and how many bytes it has as a whole.
  struct Cut: Sendable {
    let end: String.Index
    let bytes: Int
  }

  /// Number of frames between two checks of the deadline.
  private static let stride = 256
  private static let middle = (isLast: Array(",\"fin\":true".utf8), isNotLast: Array(",\"fin\":false".utf8))
  private static let opening = Array(",\"pld\":{\"text\":".utf8)

  private let text: String
  private let head: [UInt8]
  private(set) var cuts: [Cut] = []

  init(_ text: String, mid: String, maximum: Int, _ stop: WorkStop) throws(AkoolError) {
    self.text = text
    var head = JSON.object(["v": 2, "type": "chat", "mid": .string(mid)]).serializedBytes()
    head.removeLast()
    head += ",\"idx\":".utf8
    self.head = head
    try cut(maximum, mid, stop)
  }

  private mutating func cut(_ maximum: Int, _ mid: String, _ stop: WorkStop) throws(AkoolError) {
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    repeat {
      try stop.check(every: Self.stride, cuts.count)
      let rest = scalars[start...]
      let around = sizeAround(cuts.count)
      let (end, used) = Self.cut(rest, room: maximum - around)
      guard end > start else { throw Self.noRoom(maximum, mid) }
      start = end
      cuts.append(Cut(end: end, bytes: around + used + (end == scalars.endIndex ? 0 : 1)))
    } while start < scalars.endIndex
  }

  /// The bytes of a last frame around its text.
  private func sizeAround(_ index: Int) -> Int {
    // The quotes of the text and two braces.
    head.count + String(index).utf8.count + Self.middle.isLast.count + Self.opening.count + 4
  }

  /// As much as fits; `room` is what a last frame has for the text, of which "false" takes a byte more.
  private static func cut(_ text: Substring.UnicodeScalarView, room: Int) -> (end: String.Index, used: Int) {
    var used = 0
    var end = text.startIndex
    while end < text.endIndex, used + size(text[end]) <= room - 1 {
      used += size(text[end])
      text.formIndex(after: &end)
    }
    guard end < text.endIndex else { return (end, used) }
    let (next, all) = (text.index(after: end), used + size(text[end]))
    return next == text.endIndex && all <= room ? (next, all) : (end, used)
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

  /// Calls a function with each frame as it goes out.
  func forEach(_ stop: WorkStop, _ body: (Int, [UInt8]) -> Void) throws(AkoolError) {
    var start = text.startIndex
    for (index, cut) in cuts.enumerated() {
      try stop.check(every: Self.stride, index)
      body(index, frame(index, String(text.unicodeScalars[start..<cut.end])))
      start = cut.end
    }
  }

  private func frame(_ index: Int, _ piece: String) -> [UInt8] {
    var frame = head
    frame.reserveCapacity(cuts[index].bytes)
    frame += String(index).utf8
    frame += index == cuts.count - 1 ? Self.middle.isLast : Self.middle.isNotLast
    frame += Self.opening
    frame += JSON.string(piece).serializedBytes()
    frame += "}}".utf8
    return frame
  }

  private static func noRoom(_ maximum: Int, _ mid: String) -> AkoolError {
    AkoolError(
      .invalidArgument,
      "message.encode: limits.max_bytes: \(maximum) leaves no room for text beside the \(mid.utf8.count) bytes of mid",
      hint: "A frame needs about 70 bytes for itself.")
  }
}
