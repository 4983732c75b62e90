/// A pass over JSON text before jansson reads it.
///
/// jansson recurses (depth 2 047 needs 624 KB of stack), takes a hundred bytes for each value, and refuses lone
/// surrogates and huge numbers, both of which servers send. This scan is iterative and linear: it bounds depth and
/// number of values, and finds what jansson cannot read.
struct JSONScanner {
  /// Number of bytes between two checks of the cancel flag.
  private static let pollInterval = 4_096
  /// Numbers without exponent that are no longer fit `Int64`, or `Double` exactly.
  private static let shortNumber = 15

  private let text: UnsafeBufferPointer<UInt8>
  private let limits: JSONLimits
  private let cancel: CancelFlag?
  private var position = 0
  private var nextPoll: Int
  private var depth = 0
  private var containers = 0
  private var scalars = 0

  /// Offsets of what jansson cannot read, in order: `\u` escapes that are half of a surrogate pair without the other
  /// half, and numbers that its types do not hold exactly.
  private(set) var unreadable: [Int] = []

  init(_ text: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits, cancel: CancelFlag? = nil) {
    self.text = text
    self.limits = limits
    self.cancel = cancel
    nextPoll = cancel == nil ? .max : 0
  }

  /// Offsets of the halves of surrogate pairs.
  var loneSurrogates: [Int] { unreadable.filter { text[$0] == UInt8(ascii: "\\") } }

  /// Scans to the end, or to a byte at which jansson will refuse the text at the latest.
  mutating func scan() throws(JSONError) {
    while position < text.count {
      if position >= nextPoll { try poll() }
      switch text[position] {
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: ":"): position += 1
      case UInt8(ascii: ","): try skipComma()
      case UInt8(ascii: "{"), UInt8(ascii: "["): try descend()
      case UInt8(ascii: "}"), UInt8(ascii: "]"): ascend()
      case UInt8(ascii: "-"), 48...57: skipNumber()
      case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): skipWord()
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
    try checkScalars()
  }

  private mutating func poll() throws(JSONError) {
    if let cancel, cancel.isSet { throw .cancelled(at: position) }
    nextPoll = position + Self.pollInterval
  }

  // MARK: Structure

  private mutating func descend() throws(JSONError) {
    depth += 1
    containers += 1
    if depth > limits.depth {
      throw JSONError("nested deeper than \(limits.depth) levels", kind: .tooDeep, at: position)
    }
    if containers > limits.containers {
      throw JSONError("more than \(limits.containers) objects and arrays", kind: .tooManyValues, at: position)
    }
    position += 1
  }

  private mutating func ascend() {
    depth -= 1
    position += 1
  }

  private mutating func skipComma() throws(JSONError) {
    try checkScalars()
    position += 1
  }

  private func checkScalars() throws(JSONError) {
    if scalars > limits.scalars {
      throw JSONError(
        "more than \(limits.scalars) names, strings, numbers and words", kind: .tooManyValues, at: position)
    }
  }

  // MARK: Scalars

  private mutating func skipWord() {
    scalars += 1
    while position < text.count, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(text[position]) { position += 1 }
  }

  private mutating func skipNumber() {
    let start = position
    scalars += 1
    position += 1
    // From the point to 9 there is also the slash, at which jansson stops.
    while position < text.count, text[position] &- UInt8(ascii: ".") < 12 { position += 1 }
    let hasExponent = position < text.count && text[position] | 0x20 == UInt8(ascii: "e")
    if hasExponent || position - start > Self.shortNumber { checkNumber(at: start) }
  }

  private mutating func checkNumber(at start: Int) {
    guard let number = NumberToken(text, at: start) else {
      position = text.count
      return
    }
    if !number.isExact { unreadable.append(start) }
    position = number.end
  }

  private mutating func skipString() throws(JSONError) {
    scalars += 1
    position += 1
    position = endOfPlainBytes
    while position < text.count, text[position] != UInt8(ascii: "\"") {
      if position >= nextPoll { try poll() }
      if text[position] == UInt8(ascii: "\\") { skipEscape() }
      position = endOfPlainBytes
    }
    position += 1
  }

  /// Offset of the next quote or backslash, searched eight bytes at a time, or of where the flag is due.
  private var endOfPlainBytes: Int {
    let end = min(text.count, position + Self.pollInterval)
    var index = position
    while index + 8 <= end, !EightBytes(text, index).holdsQuoteOrBackslash { index += 8 }
    while index < end, text[index] != UInt8(ascii: "\""), text[index] != UInt8(ascii: "\\") { index += 1 }
    return index
  }

  // MARK: Escapes

  private mutating func skipEscape() {
    guard let unit = escapedUnit(at: position) else {
      position += 2
      return
    }
    if unit & 0xFC00 == 0xD800, let low = escapedUnit(at: position + 6), low & 0xFC00 == 0xDC00 {
      position += 12
      return
    }
    if unit & 0xF800 == 0xD800 { unreadable.append(position) }
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
