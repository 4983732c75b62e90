/// Reads the header lines that the library looks at; the others are not even copied.
enum HeaderLine {
  /// Length of the longest name that matters.
  private static let longestName = 14

  static func parse(_ line: UnsafeRawBufferPointer) -> HTTPHeader? {
    // A name that is longer is not searched for its end: libcurl hands over a folded line again with each part.
    guard let length = line.prefix(longestName + 1).firstIndex(of: UInt8(ascii: ":")),
      let name = wanted(length).first(where: { matches(line, $0) })
    else { return nil }
    return HTTPHeader(name, String(decoding: trimmed(line[(length + 1)...]), as: UTF8.self))
  }

  /// Returns the status of a status line, or nil where it has none.
  static func status(_ line: UnsafeRawBufferPointer) -> Int? {
    guard let blank = line.prefix(longestName).firstIndex(of: 0x20) else { return nil }
    let digits = line[(blank + 1)...].prefix(3)
    guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// The names of this length that matter.
  private static func wanted(_ length: Int) -> [String] {
    switch length {
    case 4: return dateAndTag
    case 8: return location
    case 11: return retryAfter
    case 12: return contentType
    case 13: return rangeAndChange
    case 14: return retryAfterMilliseconds
    default: return []
    }
  }

  // Made once: this is asked for every line of every reply.
  private static let dateAndTag = ["date", "etag"]
  private static let location = ["location"]
  private static let retryAfter = ["retry-after"]
  private static let contentType = ["content-type"]
  private static let rangeAndChange = ["content-range", "last-modified"]
  private static let retryAfterMilliseconds = ["retry-after-ms"]

  private static func matches(_ line: UnsafeRawBufferPointer, _ name: String) -> Bool {
    var index = 0
    for byte in name.utf8 {
      if line[index] | 0x20 != byte | 0x20 { return false }
      index += 1
    }
    return true
  }

  private static func trimmed(_ value: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    var value = value
    while let first = value.first, first <= 0x20 { value.removeFirst() }
    while let last = value.last, last <= 0x20 { value.removeLast() }
    return value
  }
}
