/// A byte of a text, with the place of the character that it stands for.
struct PlacedByte {
  var byte: UInt8
  /// Offset in the source where the character starts.
  let start: Int32
  /// Offset in the source after the character.
  let end: Int32

  init(_ byte: UInt8, _ start: Int32, _ end: Int32) {
    self.byte = byte
    self.start = start
    self.end = end
  }

  init(_ byte: UInt8, at offset: Int) {
    self.init(byte, Int32(truncatingIfNeeded: offset), Int32(truncatingIfNeeded: offset + 1))
  }

  var isBlank: Bool { byte <= 0x20 || byte == 0x7F }

  /// The byte with case and the alphabets of base64 folded.
  var folded: PlacedByte {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): return PlacedByte(byte | 0x20, start, end)
    case UInt8(ascii: "-"): return PlacedByte(UInt8(ascii: "+"), start, end)
    case UInt8(ascii: "_"): return PlacedByte(UInt8(ascii: "/"), start, end)
    default: return self
    }
  }
}

/// The readings of a text: as it stands, and as its encodings decode to.
///
/// A reading holds canonical bytes: white space is left out, letters are lower case, and `-` and `_` are `+` and `/`.
/// Cost and size are linear in the text.
struct CanonicalText {
  typealias Bytes = [PlacedByte]

  private(set) var readings: [Bytes] = []
  /// Number of bytes that more readings may have.
  private var room: Int

  /// Number of times that escapes inside escapes are decoded: `%252541` has two such levels.
  private static let maximumPasses = 4
  /// Number of encodings of whole texts inside one another: base64 of hexadecimal has two.
  private static let maximumDepth = 2
  /// Number of bytes of all readings for each byte of the text.
  private static let maximumGrowth = 100

  /// Reads a text from outside.
  init(_ text: [UInt8]) { self.init(text, Self.maximumDepth) }

  /// Reads a secret: as it stands, and without its escapes.
  init(secret: [UInt8]) { self.init(secret, 0) }

  private init(_ text: [UInt8], _ depth: Int) {
    room = text.count * Self.maximumGrowth
    // A shorter text holds no secret.
    if text.count >= SecretForms.shortest { read(text.indices.map { PlacedByte(text[$0], at: $0) }, depth) }
  }

  private mutating func read(_ source: Bytes, _ depth: Int) {
    guard room > 0, source.count >= SecretForms.shortest else { return }
    keep(source)
    let text = decode(source)
    guard Self.hasWord(text) else { return }
    // An escape may be split by a line break.
    let joined = decode(text.filter { !$0.isBlank })
    guard depth > 0 else { return }
    for radix: UInt8 in [10, 8, 2] { for run in NumberList.runs(in: text, radix) { read(run, depth - 1) } }
    if let decoded = Escapes.decoded(text, Escapes.quotedPrintable) { read(decoded, depth - 1) }
    for form in EncodedForm.allCases {
      for run in form.runs(in: joined) {
        for skipped in 0..<form.group { read(form.decoded(run.dropFirst(skipped)), depth - 1) }
      }
    }
    // Lists of characters, and a backslash before each.
    let bare = source.filter { !Escapes.isQuote($0.byte) }
    if bare.count < source.count { keep(bare) }
  }

  /// True if there are as many visible characters together as the shortest secret has in an encoding. Most wrong
  /// readings have fewer.
  private static func hasWord(_ text: Bytes) -> Bool {
    var length = 0
    for byte in text {
      switch byte.byte {
      case 0x21...0x7E: length += 1
      case 0, 0x09, 0x0A, 0x0D, 0x20: break
      default: length = 0
      }
      if length == SecretForms.gram { return true }
    }
    return false
  }

  /// Decodes escapes until there is none, and keeps each step.
  private mutating func decode(_ source: Bytes) -> Bytes {
    var text = source
    for _ in 0..<Self.maximumPasses {
      guard let decoded = Escapes.decoded(text, Escapes.escape) else { break }
      text = decoded
      keep(text)
    }
    return text
  }

  private mutating func keep(_ text: Bytes) {
    room -= text.count
    var reading = Bytes()
    reading.reserveCapacity(text.count)
    for byte in text where !byte.isBlank { reading.append(byte.folded) }
    readings.append(reading)
  }
}
