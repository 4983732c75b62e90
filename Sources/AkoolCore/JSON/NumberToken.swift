/// A number in JSON text: its digits without outer zeros, and the power of ten of the last one.
///
/// Any number of digits and any exponent are read in one pass and in constant memory.
struct NumberToken {
  /// Offset of the first byte after the number.
  private(set) var end: Int
  private var isNegative = false
  /// True if the text has neither fraction nor exponent.
  private var isInteger = true
  /// Number of digits before the exponent.
  private var digits = 0
  /// Places, counted from 1, of the first and of the last digit that is not zero.
  private var (first, last) = (0, 0)
  /// The first 19 digits, without leading zeros.
  private var leading: UInt64 = 0
  /// Power of ten of the last digit that is not zero.
  private var exponent = 0

  /// Reads the number at an offset. Nil when none starts there by JSON's grammar.
  init?(_ text: UnsafeBufferPointer<UInt8>, at start: Int) {
    end = start
    isNegative = skip(UInt8(ascii: "-"), text)
    if byte(text) == UInt8(ascii: "0") { add(0) } else if !readDigits(text) { return nil }
    let wholeDigits = digits
    if skip(UInt8(ascii: "."), text) {
      isInteger = false
      guard readDigits(text) else { return nil }
    }
    exponent = wholeDigits - last
    if skip(UInt8(ascii: "e"), text) || skip(UInt8(ascii: "E"), text) {
      isInteger = false
      guard readExponent(text) else { return nil }
    }
  }

  /// Reads a text that is one number. Nil when it is anything else.
  init?(_ text: String) {
    var text = text
    let token = text.withUTF8 { bytes in NumberToken(bytes, at: 0).flatMap { $0.end == bytes.count ? $0 : nil } }
    guard let token else { return nil }
    self = token
  }

  // MARK: Reading

  /// The byte at `end`; 0, which no number contains, after the text.
  private func byte(_ text: UnsafeBufferPointer<UInt8>) -> UInt8 { end < text.count ? text[end] : 0 }

  private mutating func skip(_ wanted: UInt8, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard byte(text) == wanted else { return false }
    end += 1
    return true
  }

  /// Reads digits of the mantissa. False when there is none.
  private mutating func readDigits(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = end
    while let digit = Self.digit(byte(text)) { add(digit) }
    return end > start
  }

  private mutating func add(_ digit: UInt8) {
    end += 1
    digits += 1
    if leading < 1_000_000_000_000_000_000 { leading = leading * 10 + UInt64(digit) }
    guard digit != 0 else { return }
    if first == 0 { first = digits }
    last = digits
  }

  /// Adds the exponent that is written out to `exponent`; a huge one stays huge. False when it has no digits.
  private mutating func readExponent(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let isNegative = skip(UInt8(ascii: "-"), text)
    if !isNegative { _ = skip(UInt8(ascii: "+"), text) }
    let start = end
    var power = 0
    while let digit = Self.digit(byte(text)) {
      power = min(power * 10 + Int(digit), 100_000_000)
      end += 1
    }
    exponent += isNegative ? -power : power
    return end > start
  }

  private static func digit(_ byte: UInt8) -> UInt8? { (48...57).contains(byte) ? byte - 48 : nil }

  // MARK: Values

  /// True if the number has no fraction, in any notation.
  var isWhole: Bool { leading == 0 || exponent >= 0 }

  /// True if `Int64` holds an integer, or the shortest text of the nearest `Double` denotes the same number.
  var isExact: Bool { isInteger ? fitsInteger : fitsDouble }

  private var fitsInteger: Bool { digits <= 19 && leading <= UInt64(Int64.max) + (isNegative ? 1 : 0) }

  private var fitsDouble: Bool {
    guard leading != 0 else { return true }
    let significant = last - first + 1
    let scale = exponent + significant - 1
    // Numbers of 15 digits differ as doubles, too.
    if significant <= 15, (-300...300).contains(scale) { return true }
    return significant <= 17 && (-330...310).contains(scale) && isShortestText
  }

  private var isShortestText: Bool {
    guard let value = Double("\(significand)e\(exponent)"), value.isFinite,
      let shortest = NumberToken(value.description)
    else { return false }
    return shortest.significand == significand && shortest.exponent == exponent
  }

  /// The digits from the first to the last that is not zero, when there are at most 19.
  private var significand: UInt64 {
    var value = leading
    while value != 0, value % 10 == 0 { value /= 10 }
    return value
  }
}
