/// Decodes the escapes of URLs, HTML, string literals and quoted-printable, and characters that stand for ASCII.
enum Escapes {
  typealias Bytes = CanonicalText.Bytes

  struct Escape {
    /// The byte, or the character if `isByte` is false.
    let value: UInt32
    let isByte: Bool
    /// Number of bytes that it takes.
    let length: Int

    init(byte: UInt8, _ length: Int) { (value, isByte, self.length) = (UInt32(byte), true, length) }
    init(character: UInt32, _ length: Int) { (value, isByte, self.length) = (character, character < 0x80, length) }
  }

  /// Returns a text with each escape decoded once, or nil if it has none.
  static func decoded(_ text: Bytes, _ decode: (Bytes, Int) -> Escape?) -> Bytes? {
    var decoded: Bytes?
    var copied = 0
    var index = 0
    while index < text.count {
      guard let escape = decode(text, index) else {
        index += 1
        continue
      }
      var result = decoded ?? Bytes()
      decoded = nil
      result += text[copied..<index]
      append(escape, text[index].start, text[index + escape.length - 1].end, to: &result)
      index += escape.length
      copied = index
      decoded = result
    }
    decoded? += text[copied...]
    return decoded
  }

  private static func append(_ escape: Escape, _ start: Int32, _ end: Int32, to result: inout Bytes) {
    if escape.isByte {
      result.append(PlacedByte(UInt8(truncatingIfNeeded: escape.value), start, end))
    } else if let scalar = Unicode.Scalar(escape.value) {
      for byte in String(scalar).utf8 { result.append(PlacedByte(byte, start, end)) }
    }
  }

  /// The escape at an index, except escapes of quoted-printable.
  static func escape(_ text: Bytes, _ index: Int) -> Escape? {
    switch text[index].byte {
    case UInt8(ascii: "%"): return percent(text, index)
    case UInt8(ascii: "&"): return Entities.entity(text, index)
    case UInt8(ascii: "\\"): return backslash(text, index)
    case 0xC2...0xF4: return Lookalikes.escape(text, index)
    default: return nil
    }
  }

  /// Quoted-printable decodes apart from other escapes, since `=` with two digits is frequent in URLs and keys.
  static func quotedPrintable(_ text: Bytes, _ index: Int) -> Escape? {
    guard text[index].byte == UInt8(ascii: "="), index + 1 < text.count else { return nil }
    if text[index + 1].isBlank { return Escape(byte: 0x20, 2) }
    return number(text, index + 1, 2).map { Escape(byte: UInt8($0), 3) }
  }

  /// True for characters between the characters of a list, and before an escaped character.
  static func isQuote(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ","): return true
    default: return false
    }
  }

  private static func percent(_ text: Bytes, _ index: Int) -> Escape? {
    if let value = number(text, index + 1, 2) { return Escape(byte: UInt8(value), 3) }
    guard index + 1 < text.count, text[index + 1].byte | 0x20 == UInt8(ascii: "u") else { return nil }
    return number(text, index + 2, 4).map { Escape(character: $0, 6) }
  }

  private static func backslash(_ text: Bytes, _ index: Int) -> Escape? {
    guard index + 1 < text.count else { return nil }
    let next = text[index + 1].byte
    switch next {
    case UInt8(ascii: "u"): return hexadecimal(text, index, 4)
    case UInt8(ascii: "U"): return hexadecimal(text, index, 8)
    case UInt8(ascii: "x"): return hexadecimal(text, index, 2)
    case UInt8(ascii: "0")...UInt8(ascii: "7"): return octal(text, index)
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), 0x0A, 0x0D: return Escape(byte: 0x20, 2)
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return Escape(byte: next, 2)
    default: return nil
    }
  }

  /// Digits after the letter behind a backslash, or digits in braces.
  private static func hexadecimal(_ text: Bytes, _ index: Int, _ digits: Int) -> Escape? {
    if let value = number(text, index + 2, digits) { return Escape(character: value, digits + 2) }
    guard index + 2 < text.count, text[index + 2].byte == UInt8(ascii: "{") else { return nil }
    for digits in 1...8 {
      let end = index + 3 + digits
      guard end < text.count, let value = number(text, index + 3, digits) else { return nil }
      if text[end].byte == UInt8(ascii: "}") { return Escape(character: value, digits + 4) }
    }
    return nil
  }

  private static func octal(_ text: Bytes, _ index: Int) -> Escape? {
    var (value, length): (UInt8, Int) = (0, 1)
    while length < 4, value < 32, index + length < text.count {
      let digit = text[index + length].byte &- 48
      guard digit < 8 else { break }
      value = value << 3 | digit
      length += 1
    }
    return Escape(byte: value, length)
  }

  static func number(_ text: Bytes, _ start: Int, _ digits: Int) -> UInt32? {
    guard start + digits <= text.count else { return nil }
    var value: UInt32 = 0
    for byte in text[start..<start + digits] {
      guard let digit = EncodedForm.hexadecimal.value(byte.byte) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

/// Decodes the character references of HTML.
private enum Entities {
  /// Names of the characters that escaping in HTML concerns, and of those that keys and URLs have, each before its
  /// character. U+0001 stands for a blank.
  private static let names = Array(
    """
    amp& lt< gt> quot" apos' nbsp\u{1} plus+ sol/ equals= colon: period. comma, lowbar_ underbar_ hyphen- dash- minus- \
    percnt% num# dollar$ commat@ excl! quest? ast* midast* lpar( rpar) semi; bsol\\ vert| verbar| verticalline| tab\u{1} \
    newline\u{1} lsqb[ lbrack[ rsqb] rbrack] lcub{ lbrace{ rcub} rbrace} hat^ grave` diacriticalgrave` shy\u{1} zwj\u{1} \
    zwnj\u{1} zerowidthspace\u{1} ensp\u{1} emsp\u{1} thinsp\u{1} nobreak\u{1} lrm\u{1} rlm\u{1} ndash- mdash-\u{20}
    """.utf8)
  private static let longestName = 16
  /// Length of names that need no semicolon, at most.
  private static let longestBareName = 4

  static func entity(_ text: Escapes.Bytes, _ index: Int) -> Escapes.Escape? {
    guard index + 2 < text.count else { return nil }
    return text[index + 1].byte == UInt8(ascii: "#") ? number(text, index) : named(text, index)
  }

  private static func named(_ text: Escapes.Bytes, _ index: Int) -> Escapes.Escape? {
    var name: [UInt8] = []
    for byte in text[(index + 1)...].prefix(longestName) {
      let letter = byte.byte | 0x20
      guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) else { break }
      name.append(letter)
    }
    let end = index + 1 + name.count
    if end < text.count, text[end].byte == UInt8(ascii: ";") {
      return character(name).map { Escapes.Escape(byte: $0, name.count + 2) }
    }
    name = Array(name.prefix(longestBareName))
    while name.count > 1 {
      if let found = character(name) { return Escapes.Escape(byte: found, name.count + 1) }
      name.removeLast()
    }
    return nil
  }

  private static func character(_ name: [UInt8]) -> UInt8? {
    var start = 0
    for index in names.indices where names[index] == 0x20 {
      if index - 1 - start == name.count, names[start..<index - 1].elementsEqual(name) { return names[index - 1] }
      start = index + 1
    }
    return nil
  }

  /// A number with a semicolon, or the shortest number of an ASCII character without one.
  private static func number(_ text: Escapes.Bytes, _ index: Int) -> Escapes.Escape? {
    let isHex = text[index + 2].byte | 0x20 == UInt8(ascii: "x")
    let radix: UInt32 = isHex ? 16 : 10
    var end = index + (isHex ? 3 : 2)
    var value: UInt32 = 0
    var short: (value: UInt32, end: Int)?
    while end < text.count, let digit = EncodedForm.hexadecimal.value(text[end].byte), digit < radix, value < 0x11_0000
    {
      value = value * radix + UInt32(digit)
      end += 1
      if value < 0x7F { short = (value, end) }
    }
    if end < text.count, text[end].byte == UInt8(ascii: ";") {
      return value == 0 && short == nil ? nil : Escapes.Escape(character: value, end + 1 - index)
    }
    return short.map { Escapes.Escape(character: $0.value, $0.end - index) }
  }
}
