/// A text with parts that jansson cannot read, and a copy of it that jansson can.
///
/// In the copy half a surrogate pair is U+FFFD, and a number that no type holds exactly is a string with a mark.
struct JSONRepair {
  private static let replacement = Array("\\ufffd".utf8)
  private static let quote = UInt8(ascii: "\"")

  private let text: UnsafeBufferPointer<UInt8>
  /// As `JSONScanner.unreadable` has them.
  private let offsets: [Int]

  init(_ text: UnsafeBufferPointer<UInt8>, _ offsets: [Int]) {
    self.text = text
    self.offsets = offsets
  }

  var isNeeded: Bool { !offsets.isEmpty }

  /// Offset of the first half of a surrogate pair.
  var firstHalf: Int? { offsets.first(where: isHalf) }

  /// Returns the copy, built in one pass.
  func makeCopy() -> [UInt8] {
    var copy: [UInt8] = []
    copy.reserveCapacity(text.count + offsets.count { !isHalf($0) } * Self.addedBytes)
    var copied = 0
    for offset in offsets {
      let end = end(of: offset)
      copy.append(contentsOf: bytes(copied..<offset))
      append(offset..<end, to: &copy)
      copied = end
    }
    copy.append(contentsOf: bytes(copied..<text.count))
    return copy
  }

  /// Returns the offset in the text that belongs to one in the copy.
  func sourceOffset(of copyOffset: Int) -> Int {
    var added = 0
    for offset in offsets where !isHalf(offset) {
      if end(of: offset) + added + Self.addedBytes > copyOffset { break }
      added += Self.addedBytes
    }
    return min(max(0, copyOffset - added), text.count)
  }

  /// Returns true if the text has a quote before an offset.
  func hasQuote(before offset: Int) -> Bool { offset > 0 && text[offset - 1] == Self.quote }

  /// Number of bytes by which the copy of a number is longer.
  private static var addedBytes: Int { NumberMark.opening.count + 1 }

  private func append(_ range: Range<Int>, to copy: inout [UInt8]) {
    guard !isHalf(range.lowerBound) else {
      copy.append(contentsOf: Self.replacement)
      return
    }
    copy.append(contentsOf: NumberMark.opening)
    copy.append(contentsOf: bytes(range))
    copy.append(Self.quote)
  }

  private func isHalf(_ offset: Int) -> Bool { text[offset] == UInt8(ascii: "\\") }

  private func end(of offset: Int) -> Int {
    isHalf(offset) ? offset + Self.replacement.count : NumberToken(text, at: offset)?.end ?? offset
  }

  private func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: text[range]) }
}

/// The start of the strings that stand for numbers while jansson reads a text. It is random for each process, and
/// never shown, so that no text can contain it.
enum NumberMark {
  /// The mark in a string that jansson has read.
  static let bytes: [UInt8] = [0] + digits
  /// The mark in JSON text, with the quote before it.
  static let opening: [UInt8] = Array("\"\\u0000".utf8) + digits

  /// Sixteen hexadecimal digits, from the random seed that Swift gives all hashes of a process.
  private static let digits: [UInt8] = {
    var hasher = Hasher()
    hasher.combine("libakool number mark")
    let number = String(UInt64(UInt(bitPattern: hasher.finalize())), radix: 16)
    return Array(repeating: 48, count: 16 - number.utf8.count) + Array(number.utf8)
  }()
}
