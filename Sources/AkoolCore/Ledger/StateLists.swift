/// Lists of states in SQL: `state IN ('open', 'lost')`.
enum StateLists {
  private static let head = Array("state IN (".utf8)

  /// Returns the text with a comparison for each state of a list.
  static func compared(_ sql: String) -> String {
    let text = Array(sql.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      guard text[index...].starts(with: head), let end = text[index...].firstIndex(of: UInt8(ascii: ")")) else {
        result.append(text[index])
        index += 1
        continue
      }
      let states = text[(index + head.count)..<end].split(separator: UInt8(ascii: ","))
      let comparisons = states.map { "state = " + String(decoding: $0.drop { $0 == 32 }, as: UTF8.self) }
      result += Array(("(" + comparisons.joined(separator: " OR ") + ")").utf8)
      index = end + 1
    }
    return String(decoding: result, as: UTF8.self)
  }
}
