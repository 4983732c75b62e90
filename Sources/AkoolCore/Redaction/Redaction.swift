/// Finds secrets in a batch of texts in one pass over the texts and one over the secrets.
///
/// Each piece of a secret with eight canonical bytes or more is hidden, and a secret of fewer bytes where it stands
/// whole. Long-lived secrets come with a set of their pieces. Secrets of a single call may be large: they are compared
/// with the pieces of the texts, which are short.
struct Redaction {
  private var texts: [[UInt8]] = []
  /// The readings of each text.
  private var readings: [[CanonicalText.Bytes]] = []
  private var hidden: [[Range<Int>]] = []

  /// Adds a text and returns its number.
  mutating func add(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    texts.append(bytes)
    readings.append(CanonicalText(bytes).readings)
    hidden.append([])
    return texts.count - 1
  }

  /// Hides the pieces in a set.
  mutating func hide(_ grams: Set<UInt64>) {
    guard !grams.isEmpty else { return }
    var filter = GramFilter(capacity: grams.count)
    for gram in grams { filter.insert(gram) }
    let lengths = SecretForms.lengths(of: grams)
    for number in texts.indices {
      for reading in readings[number] {
        SecretForms.forEachGram(of: reading, lengths) { gram, place in
          guard filter.mayContain(gram), grams.contains(gram) else { return }
          let start = Int(reading[place.last + 1 - place.length].start)
          hidden[number].append(start..<Int(reading[place.last].end))
        }
      }
    }
  }

  /// Hides pieces of secrets for which there is no set.
  mutating func hide(piecesOf secrets: [[UInt8]]) {
    guard !secrets.isEmpty else { return }
    let lengths = SecretForms.shortest...SecretForms.gram
    var filter = GramFilter(capacity: readings.reduce(0) { $1.reduce($0) { $0 + lengths.count * $1.count } })
    for reading in readings.joined() {
      SecretForms.forEachGram(of: reading, lengths) { gram, _ in filter.insert(gram) }
    }
    var grams: Set<UInt64> = []
    for secret in secrets { SecretForms.visit(secret) { if filter.mayContain($0) { grams.insert($0) } } }
    hide(grams)
  }

  /// Returns a text with marks in place of what is hidden, or nil if nothing is.
  func result(_ number: Int) -> String? {
    guard !hidden[number].isEmpty else { return nil }
    let bytes = texts[number]
    var result: [UInt8] = []
    var copied = 0
    for range in Self.merged(hidden[number]) {
      result += bytes[copied..<range.lowerBound]
      result += Secrets.mark.utf8
      copied = range.upperBound
    }
    result += bytes[copied...]
    return String(decoding: result, as: UTF8.self)
  }

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound < last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}
