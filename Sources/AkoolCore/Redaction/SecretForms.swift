/// Runs of canonical bytes that identify a secret.
///
/// A run of eight bytes is a number of 64 bits, so that comparing runs costs no more than comparing numbers.
enum SecretForms {
  /// Length of the shortest piece of a secret that is hidden.
  static let gram = 8

  /// Calls `visit` with each run of eight bytes, except runs of the library's own words. A secret of fewer bytes has no
  /// run. A secret of such words alone keeps its runs.
  static func visit(_ secret: [UInt8], _ visit: (UInt64) -> Void) {
    let text = CanonicalText(secret).bytes
    var isOrdinary = true
    grams(of: text) { if !Vocabulary.grams.contains($0) { isOrdinary = false } }
    grams(of: text) { if isOrdinary || !Vocabulary.grams.contains($0) { visit($0) } }
  }

  /// Calls `visit` with each run of eight bytes of a text.
  static func visitText(_ text: String, _ visit: (UInt64) -> Void) {
    grams(of: CanonicalText(Array(text.utf8)).bytes, visit)
  }

  private static func grams(of bytes: [UInt8], _ visit: (UInt64) -> Void) {
    var window = GramWindow()
    for byte in bytes { if let gram = window.slide(byte) { visit(gram) } }
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
