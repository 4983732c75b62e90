/// An encoding of bytes as digits, in which a secret may be repeated.
enum EncodedForm: CaseIterable {
  case hexadecimal
  case base64
  case base32

  /// Number of bits of one digit.
  private var bits: Int {
    switch self {
    case .hexadecimal: return 4
    case .base64: return 6
    case .base32: return 5
    }
  }

  /// Number of digits after which the bytes begin anew.
  var group: Int {
    switch self {
    case .hexadecimal: return 2
    case .base64: return 4
    case .base32: return 8
    }
  }

  /// Number of other characters between digits, at most. Bytes in hexadecimal stand in lists: `0x73, 0x6b`.
  private var longestGap: Int { self == .hexadecimal ? 6 : 0 }

  /// Returns the digits that stand together, where there are enough for the shortest secret.
  func runs(in text: CanonicalText.Bytes) -> [CanonicalText.Bytes] {
    var runs = Runs(shortest: (SecretForms.shortest * 8 + bits - 1) / bits)
    var index = 0
    var end = 0
    while index < text.count {
      if self == .hexadecimal, isPrefix(text, index) {
        index += 2
        continue
      }
      if let value = value(text[index].byte) {
        runs.append(PlacedByte(value, text[index].start, text[index].end))
        end = index + 1
      } else if index - end >= longestGap {
        runs.close()
      }
      index += 1
    }
    return runs.closed()
  }

  /// The `0x` of a number.
  private func isPrefix(_ text: CanonicalText.Bytes, _ index: Int) -> Bool {
    text[index].byte == UInt8(ascii: "0") && index + 1 < text.count && text[index + 1].byte | 0x20 == UInt8(ascii: "x")
  }

  /// The bytes that digits stand for.
  func decoded(_ digits: ArraySlice<PlacedByte>) -> CanonicalText.Bytes {
    var result = CanonicalText.Bytes()
    result.reserveCapacity(digits.count * bits / 8)
    var (buffer, count, first): (UInt32, Int, Int) = (0, 0, digits.startIndex)
    for index in digits.indices {
      buffer = buffer << UInt32(bits) | UInt32(digits[index].byte)
      count += bits
      guard count >= 8 else { continue }
      count -= 8
      let byte = UInt8(truncatingIfNeeded: buffer >> UInt32(count))
      result.append(PlacedByte(byte, digits[first].start, digits[index].end))
      first = count > 0 ? index : index + 1
    }
    return result
  }

  /// The bits of a digit; for base64 in the alphabets of texts and of URLs.
  func value(_ byte: UInt8) -> UInt8? {
    switch self {
    case .hexadecimal: return Self.hexadecimalValue(byte)
    case .base64: return Self.base64Value(byte)
    case .base32: return Self.base32Value(byte)
    }
  }

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

  private static func base32Value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 65...90: return byte - 65
    case 97...122: return byte - 97
    case 50...55: return byte - 24
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

/// Lists of the numbers of bytes, such as `115, 107`.
enum NumberList {
  /// Number of characters between numbers, at most.
  private static let longestGap = 8

  /// Returns the bytes of each list that is long enough for the shortest secret.
  static func runs(in text: CanonicalText.Bytes, _ radix: UInt8) -> [CanonicalText.Bytes] {
    var runs = Runs(shortest: SecretForms.shortest)
    var index = 0
    var end = 0
    while index < text.count {
      let start = index
      var value: UInt32 = 0
      while index < text.count, case let digit = text[index].byte &- 48, digit < radix {
        value = min(256, value * UInt32(radix) + UInt32(digit))
        index += 1
      }
      if index > start {
        end = index
        if value < 256 {
          runs.append(PlacedByte(UInt8(value), text[start].start, text[index - 1].end))
        } else {
          runs.close()
        }
      } else {
        if index - end >= longestGap { runs.close() }
        index += 1
      }
    }
    return runs.closed()
  }
}

/// Collects runs that are long enough.
private struct Runs {
  private let shortest: Int
  private var found: [CanonicalText.Bytes] = []
  private var run = CanonicalText.Bytes()

  init(shortest: Int) { self.shortest = shortest }

  mutating func append(_ byte: PlacedByte) { run.append(byte) }

  mutating func close() {
    if run.count >= shortest { found.append(run) }
    run.removeAll(keepingCapacity: true)
  }

  mutating func closed() -> [CanonicalText.Bytes] {
    close()
    return found
  }
}
