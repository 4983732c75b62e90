/// What an answer to a request for a range says about it (RFC 9110 §14.4).
struct ContentRange: Equatable {
  /// The first byte; nil where the answer is that there is no such range.
  let start: Int64?
  /// The size of the whole; nil where the server does not know it.
  let total: Int64?

  /// `bytes 0-99/1000`, `bytes 0-99/*` or `bytes */1000`.
  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    total = Self.number(parts[1])
    if total == nil, parts[1] != "*" { return nil }
    if parts[0] == "*" {
      start = nil
      return
    }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last else {
      return nil
    }
    start = first
  }

  private static func number(_ text: Substring) -> Int64? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int64(text) : nil
  }
}

/// What tells one state of a file from another.
struct ResourceValidator: Equatable, Sendable {
  let text: String

  /// A strong entity tag, else the time of the last change.
  init?(_ response: HTTPResponse) {
    if let tag = response.header("etag"), !tag.hasPrefix("W/") {
      text = tag
    } else if let date = response.header("last-modified") {
      text = date
    } else {
      return nil
    }
  }

  init?(stored: String?) {
    guard let stored else { return nil }
    text = stored
  }
}
