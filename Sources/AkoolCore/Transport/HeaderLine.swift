/// Reads the header lines that the library looks at; the others are not even copied.
enum HeaderLine {
  static func parse(_ line: UnsafeRawBufferPointer) -> HTTPHeader? {
    guard let length = line.firstIndex(of: UInt8(ascii: ":")), let name = wanted(length),
      matches(line, name)
    else { return nil }
    return HTTPHeader(name, String(decoding: trimmed(line[(length + 1)...]), as: UTF8.self))
  }

  /// The only name of this length that matters.
  private static func wanted(_ length: Int) -> String? {
    switch length {
    case 4: return "date"
    case 8: return "location"
    case 11: return "retry-after"
    case 12: return "content-type"
    case 14: return "retry-after-ms"
    default: return nil
    }
  }

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
