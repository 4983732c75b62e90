extension JSON {
  /// The value that a JSON Pointer (RFC 6901) names, or nil when there is none.
  ///
  /// `""` is the whole value; `/credentials/agora_token` and `/result/0/_id` walk into it; `~1` stands
  /// for `/` and `~0` for `~` inside a name.
  public func value(at pointer: String) -> JSON? {
    guard let tokens = Self.tokens(of: pointer) else { return nil }
    var current = self
    for token in tokens {
      guard let next = current.step(token) else { return nil }
      current = next
    }
    return current
  }

  /// The names that a pointer walks through, or nil when it is none.
  package static func tokens(of pointer: String) -> [String]? {
    if pointer.isEmpty { return [] }
    guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
    let tokens = pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return tokens.map { unescape(Substring($0)) }
  }

  private func step(_ token: String) -> JSON? {
    switch self {
    case .object(let object): return object[token]
    case .array: return Self.index(token).flatMap { self[$0] }
    default: return nil
    }
  }

  /// Digits only, without leading zeros: `01`, `+1` and `-` name no element.
  private static func index(_ token: String) -> Int? {
    guard token.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    if token.utf8.count > 1, token.utf8.first == 48 { return nil }
    return Int(token)
  }

  /// `~01` is `~1`: one pass from the left, never two replacements.
  private static func unescape(_ token: Substring) -> String {
    var result = ""
    var escaped = false
    for scalar in token.unicodeScalars {
      if escaped {
        result.unicodeScalars.append(scalar == "0" ? "~" : scalar == "1" ? "/" : scalar)
        escaped = false
      } else if scalar == "~" {
        escaped = true
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
