/// Reads the header lines that the library looks at; the others are not even copied.
enum HeaderLine {
  private static let wanted: [String] = [
    "date", "retry-after", "retry-after-ms", "location", "content-type", "content-range", "content-length", "etag",
    "last-modified",
  ]

  static func parse(_ line: UnsafeRawBufferPointer) -> HTTPHeader? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
    guard let match = wanted.first(where: { equals(name, $0) }) else { return nil }
    return HTTPHeader(match, String(decoding: trimmed(line[(colon + 1)...]), as: UTF8.self))
  }

  private static func equals(_ name: UnsafeRawBufferPointer, _ wanted: String) -> Bool {
    name.count == wanted.utf8.count && zip(name, wanted.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
  }

  private static func trimmed(_ value: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    var value = value
    while let first = value.first, first <= 0x20 { value.removeFirst() }
    while let last = value.last, last <= 0x20 { value.removeLast() }
    return value
  }
}
