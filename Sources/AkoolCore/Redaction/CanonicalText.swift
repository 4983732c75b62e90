/// A text without the escapes in which a secret may be repeated: one canonical byte per character, with its place.
///
/// Percent, HTML and backslash escapes are decoded, also those inside one another, white space is left out, letters are
/// lower case, and `-` and `_` are `+` and `/`. Costs are linear in the text.
struct CanonicalText {
  /// Canonical bytes.
  private(set) var bytes: [UInt8] = []
  /// Offset in the source where the character of each canonical byte starts.
  private(set) var starts: [Int] = []
  /// Offset in the source after the character of each canonical byte.
  private(set) var ends: [Int] = []

  /// Number of times that escapes inside escapes are decoded: `%252541` has two such levels.
  private static let maximumPasses = 4

  init(_ source: [UInt8]) { self = Self.readings(of: source, depth: 0)[0] }

  /// The readings of a text: as it stands, and with what base64 and hexadecimal in it decode to.
  static func readings(of source: [UInt8]) -> [CanonicalText] { readings(of: source, depth: 1) }

  private static func readings(of source: [UInt8], depth: Int) -> [CanonicalText] {
    var text = CanonicalText(capacity: 0)
    text.bytes = source
    text.starts = Array(source.indices)
    text.ends = text.starts.map { $0 + 1 }
    return text.readings(depth)
  }

  private func readings(_ depth: Int) -> [CanonicalText] {
    var text = self
    for _ in 0..<Self.maximumPasses where !text.decodeOnce() { break }
    text.removeSeparators()
    let inner = depth > 0 ? text.decodedRuns().flatMap { $0.readings(depth - 1) } : []
    text.fold()
    return [text] + inner
  }

  /// Returns the decoded bytes of each run of base64 or hexadecimal digits, for each possible start in the run.
  private func decodedRuns() -> [CanonicalText] {
    var decoded: [CanonicalText] = []
    for form in EncodedForm.allCases {
      var start = 0
      while let run = form.nextRun(in: bytes, from: start) {
        for skipped in 0..<form.group { decoded.append(self.decoded(run.places.dropFirst(skipped), form)) }
        start = run.end
      }
    }
    return decoded
  }

  /// The bytes that the characters at these places stand for.
  private func decoded(_ places: ArraySlice<Int>, _ form: EncodedForm) -> CanonicalText {
    var result = CanonicalText(capacity: places.count)
    var (buffer, bits, first): (UInt32, Int, Int) = (0, 0, places.first ?? 0)
    for place in places {
      guard let value = form.value(bytes[place]) else { continue }
      buffer = buffer << UInt32(form.bits) | UInt32(value)
      bits += form.bits
      if bits >= 8 {
        bits -= 8
        result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)), starts[first], ends[place])
        buffer &= (1 << UInt32(bits)) - 1
        first = bits > 0 ? place : place + 1
        if first >= bytes.count { first = place }
      }
    }
    return result
  }

  /// Decodes each escape once. Returns true if there was one.
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

  /// Leaves white space, soft hyphens and characters without width out.
  private mutating func removeSeparators() {
    var kept = CanonicalText(capacity: bytes.count)
    var index = 0
    while index < bytes.count {
      let width = Separator.width(in: bytes, at: index)
      if width == 0 { kept.append(bytes[index], starts[index], ends[index]) }
      index += max(1, width)
    }
    self = kept
  }

  /// Folds case and the alphabets of base64.
  private mutating func fold() { for index in bytes.indices { bytes[index] = Self.folded(bytes[index]) } }

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
