/// Finds secrets in a batch of texts in one pass over the texts and one over the secrets.
///
/// A piece of eight canonical bytes or more of a secret is hidden wherever it stands. Secrets that are known for long
/// bring the set of their pieces along; those of a single call, which may be large, are compared with the pieces of the
/// texts instead, which are short.
struct Redaction {
  private var texts: [[UInt8]] = []
  private var canonical: [CanonicalText] = []
  private var hidden: [[Range<Int>]] = []

  /// Adds a text and returns its number.
  mutating func add(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    texts.append(bytes)
    canonical.append(CanonicalText(bytes))
    hidden.append([])
    return texts.count - 1
  }

  /// Hides what a set of pieces knows.
  mutating func hide(_ grams: Set<UInt64>) {
    guard !grams.isEmpty else { return }
    for number in texts.indices {
      forEachGram(of: number) { gram, end in if grams.contains(gram) { hide(number, endingAt: end) } }
    }
  }

  /// Hides pieces of secrets for which there is no set.
  mutating func hide(piecesOf secrets: [[UInt8]]) {
    guard !secrets.isEmpty else { return }
    var places: [UInt64: [(text: Int, end: Int)]] = [:]
    for number in texts.indices {
      forEachGram(of: number) { gram, end in places[gram, default: []].append((number, end)) }
    }
    guard !places.isEmpty else { return }
    for secret in secrets {
      SecretForms.visit(secret) { gram in
        // Each piece is hidden once, however often the secret repeats it.
        guard let found = places.removeValue(forKey: gram) else { return }
        for place in found { hide(place.text, endingAt: place.end) }
      }
    }
  }

  /// Hides short secrets, which have no piece of eight bytes, where they stand whole.
  mutating func hide(whole secrets: [[UInt8]]) {
    for secret in secrets {
      for number in texts.indices {
        let text = canonical[number].bytes
        guard text.count >= secret.count, let first = secret.first else { continue }
        for start in 0...(text.count - secret.count)
        where text[start] == first && text[start..<start + secret.count].elementsEqual(secret) {
          hidden[number].append(canonical[number].starts[start]..<canonical[number].ends[start + secret.count - 1])
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

  private func forEachGram(of number: Int, _ visit: (UInt64, Int) -> Void) {
    var window = GramWindow()
    let bytes = canonical[number].bytes
    for index in bytes.indices { if let gram = window.slide(bytes[index]) { visit(gram, index) } }
  }

  private mutating func hide(_ number: Int, endingAt end: Int) {
    let text = canonical[number]
    hidden[number].append(text.starts[end - SecretForms.gram + 1]..<text.ends[end])
  }
}
