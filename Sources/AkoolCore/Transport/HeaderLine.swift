/// Reads the header lines that the library looks at; the others are not even copied.
enum HeaderLine {
  static func parse(_ line: UnsafeRawBufferPointer) -> HTTPHeader? {
    guard let length = line.firstIndex(of: UInt8(ascii: ":")),
      let name = wanted(length).first(where: { matches(line, $0) })
    else { return nil }
    return HTTPHeader(name, String(decoding: trimmed(line[(length + 1)...]), as: UTF8.self))
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
