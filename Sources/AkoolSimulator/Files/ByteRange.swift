/// What the `Range` header of a request asks for (RFC 9110, section 14.2).
enum ByteRange: Equatable {
  /// All of it: no range, one of another unit, several at once, or one that is no range.
  case all
  case part(Range<Int64>)
  /// A range behind the end.
  case unsatisfiable

  init(_ header: String?, size: Int64) {
    guard let header, header.lowercased().hasPrefix("bytes=") else {
      self = .all
      return
    }
    let ends = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]) else {
      self = .all
      return
    }
    switch (first, last) {
    case (nil, nil): self = .all
    case (nil, let count?): self = count == 0 ? .unsatisfiable : .part(max(0, size - count)..<size)
    case (let first?, _) where first >= size: self = .unsatisfiable
    case (let first?, nil): self = .part(first..<size)
    case (let first?, let last?): self = last < first ? .all : .part(first..<min(last, size - 1) + 1)
    }
  }

  /// `.some(nil)` for no digits at all, nil for what is no number.
  private static func number(_ text: Substring) -> Int64?? {
    if text.isEmpty { return .some(nil) }
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(text) else { return nil }
    return number
  }
}
