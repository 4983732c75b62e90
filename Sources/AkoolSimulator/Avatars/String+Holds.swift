extension String {
  /// Whether a text stands somewhere in this one. The library is built without the module that has a search
  /// for text in text: it would bring regular expressions along.
  func holds(_ text: String) -> Bool {
    let pattern = Array(text.utf8)
    let bytes = Array(utf8)
    guard pattern.count <= bytes.count else { return false }
    return (0...bytes.count - pattern.count).contains { bytes[$0...].starts(with: pattern) }
  }
}
