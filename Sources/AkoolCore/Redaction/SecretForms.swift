/// Runs of canonical bytes by which a secret shows: itself, in hexadecimal and in base64.
///
/// A run of eight bytes is a number of 64 bits, so that comparing runs costs no more than comparing numbers.
enum SecretForms {
  /// Length of the shortest piece of a secret that is hidden.
  static let gram = 8

  /// Calls `visit` with each run of eight bytes of each form, without those of the library's own words. A secret shorter
  /// than that has none; one that consists of such words keeps them.
  static func visit(_ secret: [UInt8], _ visit: (UInt64) -> Void) {
    let text = CanonicalText(secret).bytes
    var isOrdinary = true
    grams(of: text) { if !Vocabulary.grams.contains($0) { isOrdinary = false } }
    grams(of: text) { if isOrdinary || !Vocabulary.grams.contains($0) { visit($0) } }
    grams(of: hexadecimal(secret), visit)
    for skipped in 0..<3 { grams(of: base64(secret, skipping: skipped), visit) }
  }

  /// Calls `visit` with each run of eight bytes of a text.
  static func visitText(_ text: String, _ visit: (UInt64) -> Void) {
    grams(of: CanonicalText(Array(text.utf8)).bytes, visit)
  }

  private static func grams(of bytes: [UInt8], _ visit: (UInt64) -> Void) {
    var window = GramWindow()
    for byte in bytes { if let gram = window.slide(byte) { visit(gram) } }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// The characters of base64 that the secret alone decides, if it starts `skipped` bytes into a group of three.
  private static func base64(_ bytes: [UInt8], skipping skipped: Int) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    // The first bytes share a character with whatever stands before them.
    var index = skipped == 0 ? 0 : 3 - skipped
    if skipped > 0, index <= bytes.count {
      if skipped == 1, bytes.count >= 2 {
        result.append(alphabet[Int((bytes[0] & 15) << 2 | bytes[1] >> 6)])
        result.append(alphabet[Int(bytes[1] & 63)])
      } else if skipped == 2, let first = bytes.first {
        result.append(alphabet[Int(first & 63)])
      }
    }
    while index + 3 <= bytes.count {
      let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      for shift in [18, 12, 6, 0] as [UInt32] { result.append(alphabet[Int(group >> shift & 63)]) }
      index += 3
    }
    if index < bytes.count { result.append(alphabet[Int(bytes[index] >> 2)]) }
    if index + 1 < bytes.count { result.append(alphabet[Int((bytes[index] & 3) << 4 | bytes[index + 1] >> 4)]) }
    return result.map(CanonicalText.folded)
  }
}

/// The last eight bytes of a sequence, as a number.
struct GramWindow {
  private var value: UInt64 = 0
  private var count = 0

  /// Takes in a byte. Returns nil until there are eight.
  mutating func slide(_ byte: UInt8) -> UInt64? {
    value = value << 8 | UInt64(byte)
    count += 1
    return count >= SecretForms.gram ? value : nil
  }
}
