/// Runs of canonical bytes that identify a secret.
///
/// A run of eight bytes is a number of 64 bits, so that comparing runs costs no more than comparing numbers. A secret
/// of six or seven bytes is one number whose first bytes are 0, which no canonical byte is.
enum SecretForms {
  /// Length of the shortest piece of a secret that is hidden.
  static let gram = 8
  /// Length of the shortest secret. Shorter texts are words like any other: hiding them would spoil messages and
  /// protect nothing.
  static let shortest = 6

  /// Calls `visit` with each run, except runs of the library's own words. A secret of such words alone keeps its runs.
  static func visit(_ secret: [UInt8], _ visit: (UInt64) -> Void) {
    let readings = CanonicalText(secret: secret).readings
    var isOrdinary = true
    for reading in readings { grams(of: reading) { if !Vocabulary.grams.contains($0) { isOrdinary = false } } }
    for reading in readings {
      grams(of: reading) { if isOrdinary || !Vocabulary.grams.contains($0) { visit($0) } }
    }
  }

  /// Calls `visit` with each run of a secret, or of a word.
  static func grams(of text: CanonicalText.Bytes, _ visit: (UInt64) -> Void) {
    let length = min(gram, text.count)
    guard length >= shortest else { return }
    forEachGram(of: text, length...length) { gram, _ in visit(gram) }
  }

  /// Calls `visit` with each run of these lengths, and with the place of its last byte and its length.
  static func forEachGram(
    of text: CanonicalText.Bytes, _ lengths: ClosedRange<Int>, _ visit: (UInt64, (last: Int, length: Int)) -> Void
  ) {
    var window: UInt64 = 0
    for index in text.indices {
      window = window << 8 | UInt64(text[index].byte)
      for length in lengths where index + 1 >= length {
        visit(window & (.max >> UInt64(64 - 8 * length)), (index, length))
      }
    }
  }

  /// Lengths of the runs to compare with these.
  static func lengths(of grams: Set<UInt64>) -> ClosedRange<Int> {
    grams.contains { $0 >> 56 == 0 } ? shortest...gram : gram...gram
  }
}

/// A set of runs that may take other runs for its own, for few instructions.
struct GramFilter {
  private var words: [UInt64]
  private let shift: UInt64

  init(capacity: Int) {
    var bits = 10
    while 1 << bits < 16 * capacity { bits += 1 }
    words = Array(repeating: 0, count: 1 << (bits - 6))
    shift = UInt64(64 - bits)
  }

  mutating func insert(_ gram: UInt64) {
    let place = place(gram)
    words[Int(place >> 6)] |= 1 << (place & 63)
  }

  func mayContain(_ gram: UInt64) -> Bool {
    let place = place(gram)
    return words[Int(place >> 6)] & 1 << (place & 63) != 0
  }

  private func place(_ gram: UInt64) -> UInt64 { (gram &* 0x9E37_79B9_7F4A_7C15) >> shift }
}
