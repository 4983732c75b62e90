/// Texts of servers and callers, as messages repeat them: one line of bounded length.
enum ShortText {
  private static let maximumInput = 4_096
  private static let maximumScalars = 200
  private static let maximumBytes = 800

  /// Returns a text with blanks for control characters, cut where it is too long.
  static func line(_ text: String) -> String {
    line(bytes: text.utf8.prefix(maximumInput), isWhole: text.utf8.count <= maximumInput)
  }

  /// Returns bytes that need not be UTF-8 as such a text.
  static func line(bytes: some Sequence<UInt8>, isWhole: Bool = true) -> String {
    var line = String.UnicodeScalarView()
    var (scalars, bytesOut, isCut) = (0, 0, !isWhole)
    for scalar in String(decoding: Array(bytes.prefix(maximumInput)), as: UTF8.self).unicodeScalars {
      let width = UTF8.width(scalar)
      guard scalars < maximumScalars, bytesOut + width <= maximumBytes else {
        isCut = true
        break
      }
      line.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
      scalars += 1
      bytesOut += width
    }
    return String(line) + (isCut ? "…" : "")
  }

  /// Returns true if the first 4 KB of a text from outside hold a word.
  static func holds(_ word: String, in text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(maximumInput))
    return bytes.indices.contains { bytes[$0...].starts(with: word.utf8) }
  }
}
