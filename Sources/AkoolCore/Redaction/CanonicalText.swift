/// A text without the encodings in which a secret may be repeated: one canonical byte per character, with its place.
///
/// Percent, HTML and backslash escapes are decoded, also those inside one another, white space is left out, letters are
/// lower case, and `-` and `_` are the `+` and `/` that base64 has in their place. Costs are linear in the text.
struct CanonicalText {
  /// Canonical bytes.
  private(set) var bytes: [UInt8] = []
  /// Offset in the source where the character of each canonical byte starts.
  private(set) var starts: [Int] = []
  /// Offset in the source after the character of each canonical byte.
  private(set) var ends: [Int] = []

  /// Escapes inside escapes are decoded this often: `%252541` has two such levels.
  private static let maximumPasses = 4

  init(_ source: [UInt8]) {
    bytes = source
    starts = Array(source.indices)
    ends = starts.map { $0 + 1 }
    for _ in 0..<Self.maximumPasses where !decodeOnce() { break }
    fold()
  }

  /// Decodes each escape once. Returns whether there was one.
  private mutating func decodeOnce() -> Bool {
    guard bytes.contains(where: EscapeDecoder.mayBegin) else { return false }
    var decoded = CanonicalText(capacity: bytes.count)
    var hasDecoded = false
    var index = 0
    while index < bytes.count {
      if let escape = EscapeDecoder.decode(bytes, at: index) {
        for byte in escape.bytes { decoded.append(byte, starts[index], ends[index + escape.length - 1]) }
        index += escape.length
        hasDecoded = true
      } else {
        decoded.append(bytes[index], starts[index], ends[index])
        index += 1
      }
    }
    self = decoded
    return hasDecoded
  }

  /// Leaves white space and soft hyphens out and folds case and the alphabets of base64.
  private mutating func fold() {
    var folded = CanonicalText(capacity: bytes.count)
    for index in bytes.indices {
      switch bytes[index] {
      case 0...0x20, 0x7F: continue
      case 0xC2 where index + 1 < bytes.count && (bytes[index + 1] == 0xAD || bytes[index + 1] == 0xA0): continue
      case 0xAD, 0xA0: if index > 0, bytes[index - 1] == 0xC2 { continue } else { fallthrough }
      default: folded.append(Self.folded(bytes[index]), starts[index], ends[index])
      }
    }
    self = folded
  }

  static func folded(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): return byte | 0x20
    case UInt8(ascii: "-"): return UInt8(ascii: "+")
    case UInt8(ascii: "_"): return UInt8(ascii: "/")
    default: return byte
    }
  }

  private init(capacity: Int) {
    bytes.reserveCapacity(capacity)
    starts.reserveCapacity(capacity)
    ends.reserveCapacity(capacity)
  }

  private mutating func append(_ byte: UInt8, _ start: Int, _ end: Int) {
    bytes.append(byte)
    starts.append(start)
    ends.append(end)
  }
}

/// Decodes one escape of a URL, of HTML, or of a string literal.
private enum EscapeDecoder {
  struct Escape {
    let bytes: [UInt8]
    let length: Int
  }

  /// Names of the characters that escaping in HTML concerns, and of those that keys and URLs have.
  private static let entities: [(name: [UInt8], byte: UInt8)] = [
    ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", " "), ("plus", "+"), ("sol", "/"),
    ("equals", "="), ("colon", ":"), ("period", "."), ("comma", ","), ("lowbar", "_"), ("hyphen", "-"), ("dash", "-"),
    ("percnt", "%"), ("num", "#"), ("dollar", "$"), ("commat", "@"), ("excl", "!"), ("quest", "?"), ("ast", "*"),
    ("lpar", "("), ("rpar", ")"), ("semi", ";"), ("bsol", "\\"), ("vert", "|"), ("tab", "\t"), ("newline", "\n"),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)[0]) }

  static func mayBegin(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "%") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "\\")
  }

  static func decode(_ text: [UInt8], at index: Int) -> Escape? {
    switch text[index] {
    case UInt8(ascii: "%"): return number(text, index + 1, digits: 2).map { Escape(bytes: [UInt8($0)], length: 3) }
    case UInt8(ascii: "&"): return entity(text, index)
    case UInt8(ascii: "\\"): return backslash(text, index)
    default: return nil
    }
  }

  private static func backslash(_ text: [UInt8], _ index: Int) -> Escape? {
    guard index + 1 < text.count else { return nil }
    switch text[index + 1] {
    case UInt8(ascii: "u"): return number(text, index + 2, digits: 4).map { Escape(bytes: utf8($0), length: 6) }
    case UInt8(ascii: "x"): return number(text, index + 2, digits: 2).map { Escape(bytes: utf8($0), length: 4) }
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return Escape(bytes: [0x20], length: 2)
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return Escape(bytes: [text[index + 1]], length: 2)
    default: return nil
    }
  }

  /// Entities end with a semicolon, at most ten bytes after the ampersand.
  private static func entity(_ text: [UInt8], _ index: Int) -> Escape? {
    let limit = min(text.count, index + 11)
    guard let end = text[index..<limit].firstIndex(of: UInt8(ascii: ";")), end > index + 1 else { return nil }
    let length = end - index + 1
    guard text[index + 1] == UInt8(ascii: "#") else {
      let name = text[(index + 1)..<end].map { $0 | 0x20 }
      return entities.first { $0.name == name }.map { Escape(bytes: [$0.byte], length: length) }
    }
    let isHex = text[index + 2] | 0x20 == UInt8(ascii: "x")
    let digits = text[(index + (isHex ? 3 : 2))..<max(end, index + (isHex ? 3 : 2))]
    guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: isHex ? 16 : 10) else { return nil }
    return Escape(bytes: utf8(value), length: length)
  }

  private static func number(_ text: [UInt8], _ start: Int, digits: Int) -> UInt32? {
    guard start + digits <= text.count else { return nil }
    var value: UInt32 = 0
    for byte in text[start..<start + digits] {
      switch byte {
      case 48...57: value = value << 4 | UInt32(byte - 48)
      case 65...70: value = value << 4 | UInt32(byte - 55)
      case 97...102: value = value << 4 | UInt32(byte - 87)
      default: return nil
      }
    }
    return value
  }

  /// Bytes of a character; none for what is no character, such as half of a surrogate pair.
  private static func utf8(_ value: UInt32) -> [UInt8] { Unicode.Scalar(value).map { Array(String($0).utf8) } ?? [] }
}
