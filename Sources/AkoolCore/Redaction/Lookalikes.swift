/// Characters outside ASCII that read as a character of ASCII, or that are not seen.
enum Lookalikes {
  /// A blank, and all characters of its range are.
  private static let blank: UInt8 = 0x20

  /// Ranges of characters in order, and the character of ASCII for the first.
  private static let ranges: [(first: UInt32, last: UInt32, ascii: UInt8)] = [
    (0x80, 0xA0, blank), (0xAD, 0xAD, blank), (0x300, 0x36F, blank), (0x61C, 0x61C, blank), (0x115F, 0x1160, blank),
    (0x1680, 0x1680, blank), (0x180B, 0x180F, blank), (0x1AB0, 0x1AFF, blank), (0x1DC0, 0x1DFF, blank),
    (0x2000, 0x200F, blank), (0x2010, 0x2015, 0x2D), (0x2028, 0x202F, blank), (0x205F, 0x206F, blank),
    (0x2080, 0x2089, 0x30), (0x20D0, 0x20FF, blank), (0x2212, 0x2212, 0x2D), (0x2460, 0x2468, 0x31),
    (0x249C, 0x24B5, 0x61), (0x24B6, 0x24CF, 0x41), (0x24D0, 0x24E9, 0x61), (0x2800, 0x2800, blank),
    (0x3000, 0x3000, blank), (0x3164, 0x3164, blank), (0xFE00, 0xFE0F, blank), (0xFE20, 0xFE2F, blank),
    (0xFEFF, 0xFEFF, blank), (0xFF01, 0xFF5E, 0x21), (0xFFA0, 0xFFA0, blank), (0xFFF9, 0xFFFB, blank),
    (0x1F110, 0x1F129, 0x41), (0x1F130, 0x1F149, 0x41), (0x1F150, 0x1F169, 0x41), (0x1F170, 0x1F189, 0x41),
    (0x1F1E6, 0x1F1FF, 0x41), (0xE0020, 0xE007E, 0x20), (0xE0100, 0xE01EF, blank),
  ]

  static func escape(_ text: Escapes.Bytes, _ index: Int) -> Escapes.Escape? {
    guard let (character, length) = character(text, index), let byte = ascii(character) else { return nil }
    return Escapes.Escape(byte: byte, length)
  }

  /// The character of UTF-8 that starts there, and its length.
  private static func character(_ text: Escapes.Bytes, _ index: Int) -> (UInt32, Int)? {
    let first = text[index].byte
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard index + length <= text.count else { return nil }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for byte in text[(index + 1)..<(index + length)] {
      guard byte.byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte.byte & 0x3F)
    }
    return (value, length)
  }

  private static func ascii(_ character: UInt32) -> UInt8? {
    switch character {
    case 0x1D400...0x1D6A3:
      // Alphabets of 52 letters.
      let letter = UInt8((character - 0x1D400) % 52)
      return letter < 26 ? 0x41 + letter : 0x61 + letter - 26
    case 0x1D7CE...0x1D7FF: return 0x30 + UInt8((character - 0x1D7CE) % 10)
    default: break
    }
    guard let range = ranges.first(where: { character <= $0.last }), character >= range.first else { return nil }
    let isSame = range.ascii == 0x2D || range.ascii == blank && range.first != 0xE0020
    return isSame ? range.ascii : range.ascii + UInt8(character - range.first)
  }
}
