/// An encoding of bytes as letters, in which a secret may be repeated.
enum EncodedForm: CaseIterable {
  case base64
  case hexadecimal

  /// Length of the shortest run that stands for a piece of a secret: eight bytes.
  private var shortestRun: Int { self == .base64 ? 11 : 16 }

  /// Number of bits of one character.
  var bits: Int { self == .base64 ? 6 : 4 }

  /// Number of characters after which the bytes begin anew.
  var group: Int { self == .base64 ? 4 : 2 }

  /// Characters that decode together.
  struct Run {
    /// Offsets of the characters.
    let places: [Int]
    /// Offset after the last.
    let end: Int
  }

  /// Finds the next run that is long enough.
  func nextRun(in bytes: [UInt8], from start: Int) -> Run? {
    var places: [Int] = []
    for index in start..<max(start, bytes.count) {
      if value(bytes[index]) != nil {
        places.append(index)
      } else if !isDivider(bytes, index, places.last) {
        if places.count >= shortestRun { return Run(places: places, end: index) }
        places.removeAll(keepingCapacity: true)
      }
    }
    return places.count >= shortestRun ? Run(places: places, end: bytes.count) : nil
  }

  /// Hexadecimal may have a colon or hyphen between its pairs.
  private func isDivider(_ bytes: [UInt8], _ index: Int, _ last: Int?) -> Bool {
    guard self == .hexadecimal, let last, last == index - 1, index + 1 < bytes.count else { return false }
    return [UInt8(ascii: ":"), UInt8(ascii: "-")].contains(bytes[index]) && value(bytes[index + 1]) != nil
  }

  /// The bits of a character, in the alphabets of texts and of URLs.
  func value(_ byte: UInt8) -> UInt8? { self == .base64 ? Self.base64Value(byte) : Self.hexadecimalValue(byte) }

  private static func base64Value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 65...90: return byte - 65
    case 97...122: return byte - 71
    case 48...57: return byte + 4
    case UInt8(ascii: "+"), UInt8(ascii: "-"): return 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): return 63
    default: return nil
    }
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: return byte - 48
    case 65...70: return byte - 55
    case 97...102: return byte - 87
    default: return nil
    }
  }
}

/// Characters that divide a text without being seen as part of it.
enum Separator {
  /// Number of bytes of the separator there; 0 for any other character.
  static func width(in bytes: [UInt8], at index: Int) -> Int {
    switch bytes[index] {
    case 0...0x20, 0x7F: return 1
    case 0xC2: return isFollowed(bytes, index, by: [0xA0, 0xAD]) ? 2 : 0
    case 0xE2: return isWide(bytes, index) ? 3 : 0
    case 0xE3: return isFollowed(bytes, index, by: [0x80]) && isFollowed(bytes, index + 1, by: [0x80]) ? 3 : 0
    case 0xEF: return isFollowed(bytes, index, by: [0xBB]) && isFollowed(bytes, index + 1, by: [0xBF]) ? 3 : 0
    default: return 0
    }
  }

  /// U+2000 to U+200F, U+2028 to U+202F, and U+205F to U+206F: blanks, marks of direction, joiners.
  private static func isWide(_ bytes: [UInt8], _ index: Int) -> Bool {
    guard index + 2 < bytes.count else { return false }
    switch (bytes[index + 1], bytes[index + 2]) {
    case (0x80, 0x80...0x8F), (0x80, 0xA8...0xAF), (0x81, 0x9F...0xAF): return true
    default: return false
    }
  }

  private static func isFollowed(_ bytes: [UInt8], _ index: Int, by wanted: [UInt8]) -> Bool {
    index + 1 < bytes.count && wanted.contains(bytes[index + 1])
  }
}
