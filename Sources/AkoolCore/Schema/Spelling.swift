/// Finds what a person most likely meant.
package enum Spelling {
  /// Number of scalars that are compared: no name is longer, and a text of a caller may be endless.
  private static let maximumLength = 64

  /// Returns the nearest of some words, if it is near enough to be a slip.
  package static func nearest(to word: String, among words: [String]) -> String? {
    let word = cut(word)
    let scored = words.map { (word: $0, distance: distance(word, cut($0))) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, word.utf8.count / 3) ? best.word : nil
  }

  private static func cut(_ word: String) -> String {
    String(String.UnicodeScalarView(word.unicodeScalars.prefix(maximumLength))).lowercased()
  }

  /// How many letters are wrong, missing, too many, or exchanged with their neighbour (optimal string alignment).
  private static func distance(_ first: String, _ second: String) -> Int {
    let source = Array(first.utf8)
    let target = Array(second.utf8)
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for index in source.indices {
      var row = [index + 1]
      for column in target.indices {
        let isSame = source[index] == target[column]
        var best = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, row[column] + 1)
        if index > 0, column > 0, source[index] == target[column - 1], source[index - 1] == target[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[target.count]
  }
}
