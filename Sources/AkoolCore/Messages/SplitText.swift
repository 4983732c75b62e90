/// Text in UTF-16, in which half a surrogate pair may stand: senders that slice UTF-16 cut characters in two, and the
/// halves arrive in two frames.
package enum SplitText {
  /// Where halves are kept while they pass through a parser that knows none: U+10F800 to U+10FFFF, one for each.
  private static let stand: UInt32 = 0x10F800

  /// Parses a frame; the flag tells whether its texts hold halves in their stands.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> (value: JSON, hasHalves: Bool) {
    let halves = try loneSurrogates(bytes)
    guard !halves.isEmpty, !usesStands(bytes) else { return (try JSON.parse(serverBytes: bytes), false) }
    return (try JSON.parse(serverBytes: withStands(bytes, halves)), true)
  }

  /// The frame with the halves, at these offsets, replaced by their stands.
  private static func withStands(_ bytes: [UInt8], _ halves: [Int]) -> [UInt8] {
    var replaced: [UInt8] = []
    replaced.reserveCapacity(bytes.count + 6 * halves.count)
    var start = 0
    for offset in halves {
      replaced += bytes[start..<offset]
      replaced += standEscape(Array(bytes[offset + 2..<offset + 6]))
      start = offset + 6
    }
    return replaced + bytes[start...]
  }

  package static func units(of text: String, hasHalves: Bool) -> [UInt16] {
    guard hasHalves else { return Array(text.utf16) }
    var units: [UInt16] = []
    for scalar in text.unicodeScalars {
      if scalar.value >= stand {
        units.append(UInt16(0xD800 + scalar.value - stand))
      } else {
        units += Array(String(Character(scalar)).utf16)
      }
    }
    return units
  }

  /// The text of units; halves without the other half become U+FFFD.
  package static func text(of units: some Collection<UInt16>) -> String { String(decoding: units, as: UTF16.self) }

  static func isFirstHalf(_ unit: UInt16) -> Bool { unit & 0xFC00 == 0xD800 }

  private static func loneSurrogates(_ bytes: [UInt8]) throws(JSONError) -> [Int] {
    try bytes.withUnsafeBufferPointer { text in
      Result { () throws(JSONError) -> [Int] in
        var scanner = JSONScanner(text, .outside)
        try scanner.scan()
        return scanner.loneSurrogates
      }
    }.get()
  }

  /// Returns true if the text itself has such characters, raw or escaped; it is then left alone.
  private static func usesStands(_ bytes: [UInt8]) -> Bool {
    bytes.indices.dropLast().contains { index in
      bytes[index] == 0xF4 && bytes[index + 1] == 0x8F
        || bytes[index] == UInt8(ascii: "\\") && isStandEscape(bytes, at: index)
    }
  }

  /// Returns true if the escape at an offset begins with `\udbf`, as the escapes of stands do.
  private static func isStandEscape(_ bytes: [UInt8], at start: Int) -> Bool {
    guard start + 5 <= bytes.count else { return false }
    let (kind, first, second, third) = (bytes[start + 1], bytes[start + 2], bytes[start + 3], bytes[start + 4])
    return kind == UInt8(ascii: "u") && first | 0x20 == UInt8(ascii: "d") && second | 0x20 == UInt8(ascii: "b")
      && third | 0x20 == UInt8(ascii: "f")
  }

  /// The escape of a half, given by its four digits, as the pair that its stand is.
  private static func standEscape(_ digits: [UInt8]) -> [UInt8] {
    let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0xD800
    let offset = stand + (unit - 0xD800) - 0x1_0000
    let pair = [0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF)]
    return pair.flatMap { Array("\\u".utf8) + Array(String($0, radix: 16).utf8) }
  }
}
