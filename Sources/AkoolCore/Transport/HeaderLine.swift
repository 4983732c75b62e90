/// Reads the header lines that the library looks at; the others are not even copied.
enum HeaderLine {
  private static let wanted: [StaticString] = [
    "date", "retry-after", "retry-after-ms", "location", "content-type", "content-range", "content-length", "etag",
    "last-modified",
  ]

  static func parse(_ line: UnsafeRawBufferPointer) -> HTTPHeader? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
    guard let match = wanted.first(where: { equals(name, $0) }) else { return nil }
    return HTTPHeader("\(match)", String(decoding: trimmed(line[(colon + 1)...]), as: UTF8.self))
  }

  private static func equals(_ name: UnsafeRawBufferPointer, _ wanted: StaticString) -> Bool {
    guard name.count == wanted.utf8CodeUnitCount else { return false }
    for index in 0..<name.count where name[index] | 0x20 != wanted.utf8Start[index] | 0x20 { return false }
    return true
  }

  private static func trimmed(_ value: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    var value = value
    while let first = value.first, first <= 0x20 { value.removeFirst() }
    while let last = value.last, last <= 0x20 { value.removeLast() }
    return value
  }
}
