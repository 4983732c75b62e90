/// A pass over JSON text before jansson sees it.
///
/// jansson recurses (depth 2 047 needs 624 KB of stack) and refuses lone surrogates, which a server that
/// slices UTF-16 does send. This scan is iterative: it bounds the depth and finds the lone surrogates.
struct JSONScanner {
  private let text: UnsafeBufferPointer<UInt8>
  private let maximumDepth: Int
  private var position = 0
  private var depth = 0

  /// Offsets of the `\u` escapes that are half of a surrogate pair without the other half.
  private(set) var loneSurrogates: [Int] = []

  init(_ text: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
    self.text = text
    self.maximumDepth = maximumDepth
  }

  mutating func scan() throws(JSONError) {
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): try descend()
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""): skipString()
      default: break
      }
      position += 1
    }
  }

  private mutating func descend() throws(JSONError) {
    depth += 1
    if depth > maximumDepth {
      throw JSONError(message: "nested deeper than \(maximumDepth) levels", offset: position)
    }
  }

  /// Leaves `position` on the closing quote, or past the end.
  private mutating func skipString() {
    position += 1
    while position < text.count, text[position] != UInt8(ascii: "\"") {
      if text[position] == UInt8(ascii: "\\") { skipEscape() } else { position += plainBytes }
    }
  }

  /// How many bytes from here on are neither quote nor backslash: eight at a time, and at least one.
  private var plainBytes: Int {
    var index = position
    while index + 8 <= text.count, !EightBytes(text, index).holdsQuoteOrBackslash { index += 8 }
    while index < text.count, text[index] != UInt8(ascii: "\""), text[index] != UInt8(ascii: "\\") { index += 1 }
    return max(1, index - position)
  }

  private mutating func skipEscape() {
    guard let unit = escapedUnit(at: position) else {
      position += 2
      return
    }
    if unit & 0xFC00 == 0xD800, let low = escapedUnit(at: position + 6), low & 0xFC00 == 0xDC00 {
      position += 12
      return
    }
    if unit & 0xF800 == 0xD800 { loneSurrogates.append(position) }
    position += 6
  }

  private func escapedUnit(at start: Int) -> UInt16? {
    guard start + 6 <= text.count, text[start] == UInt8(ascii: "\\"), text[start + 1] == UInt8(ascii: "u") else {
      return nil
    }
    var unit: UInt16 = 0
    for index in start + 2..<start + 6 {
      guard let digit = Self.hexValue(text[index]) else { return nil }
      unit = unit << 4 | digit
    }
    return unit
  }

  private static func hexValue(_ byte: UInt8) -> UInt16? {
    switch byte {
    case 48...57: return UInt16(byte) - 48
    case 65...70: return UInt16(byte) - 55
    case 97...102: return UInt16(byte) - 87
    default: return nil
    }
  }
}
