/// Finds secrets in a batch of texts in one pass over the texts and one over the secrets.
///
/// Each piece of a secret with eight canonical bytes or more is hidden. Long-lived secrets come with a set of their
/// pieces. Secrets of a single call may be large: they are compared with the pieces of the texts, which are short.
struct Redaction {
  private var texts: [[UInt8]] = []
  /// The readings of each text; the first is the text itself.
  private var readings: [[CanonicalText]] = []
  private var hidden: [[Range<Int>]] = []

  /// Adds a text and returns its number.
  mutating func add(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    texts.append(bytes)
    readings.append(CanonicalText.readings(of: bytes))
    hidden.append([])
    return texts.count - 1
  }

  /// Hides the pieces in a set.
  mutating func hide(_ grams: Set<UInt64>) {
    guard !grams.isEmpty else { return }
    for number in texts.indices {
      forEachGram(of: number) { gram, place in if grams.contains(gram) { hidden[number].append(place) } }
    }
  }

  /// Hides pieces of secrets for which there is no set.
  mutating func hide(piecesOf secrets: [[UInt8]]) {
    guard !secrets.isEmpty else { return }
    var places: [UInt64: [(text: Int, range: Range<Int>)]] = [:]
    for number in texts.indices {
      forEachGram(of: number) { gram, place in places[gram, default: []].append((number, place)) }
    }
    guard !places.isEmpty else { return }
    for secret in secrets {
      SecretForms.visit(secret) { gram in
        // Each piece is hidden once, even if the secret contains it several times.
        guard let found = places.removeValue(forKey: gram) else { return }
        for place in found { hidden[place.text].append(place.range) }
      }
    }
  }

  /// Hides short secrets, which have no piece of eight bytes, where they stand whole.
  mutating func hide(whole secrets: [[UInt8]]) {
    for secret in secrets {
      for number in texts.indices {
        let reading = readings[number][0]
        let text = reading.bytes
        guard text.count >= secret.count, let first = secret.first else { continue }
        for start in 0...(text.count - secret.count)
        where text[start] == first && text[start..<start + secret.count].elementsEqual(secret) {
          hidden[number].append(reading.starts[start]..<reading.ends[start + secret.count - 1])
        }
      }
    }
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

  /// Calls `visit` with each run of eight bytes in each reading of a text, and with its place in the text.
  private func forEachGram(of number: Int, _ visit: (UInt64, Range<Int>) -> Void) {
    for reading in readings[number] {
      var window = GramWindow()
      for index in reading.bytes.indices {
        guard let gram = window.slide(reading.bytes[index]) else { continue }
        visit(gram, reading.starts[index - SecretForms.gram + 1]..<reading.ends[index])
      }
    }
  }
}
