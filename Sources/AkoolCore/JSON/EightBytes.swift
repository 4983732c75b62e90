/// Eight bytes of a text, looked at together.
///
/// The arithmetic is the usual one: `(x - 0x01…) & ~x & 0x80…` is not zero exactly when a byte of `x` is zero.
struct EightBytes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  private let word: UInt64

  /// The bytes from `offset` on; there must be eight.
  init(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) {
    word = UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  var holdsQuoteOrBackslash: Bool { holds(UInt8(ascii: "\"")) || holds(UInt8(ascii: "\\")) }

  /// Whether JSON needs an escape for one of them: a quote, a backslash or a control character.
  var needsEscape: Bool { holdsQuoteOrBackslash || holdsControl }

  private func holds(_ byte: UInt8) -> Bool { Self.holdsZero(word ^ (Self.ones &* UInt64(byte))) }

  private var holdsControl: Bool { (word &- Self.ones &* 0x20) & ~word & Self.highBits != 0 }

  private static func holdsZero(_ word: UInt64) -> Bool { (word &- ones) & ~word & highBits != 0 }
}
