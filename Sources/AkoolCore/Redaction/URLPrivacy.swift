/// Finds and hides parts of URLs that are no address: user names, passwords, and queries, where signatures are.
enum URLPrivacy {
  /// Returns the text without them. Each byte is read a bounded number of times.
  static func hidden(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var copied = 0
    var position = 0
    while let start = authority(in: bytes, from: position) {
      let end = bytes[start...].firstIndex(where: endsURL) ?? bytes.endIndex
      let authorityEnd = bytes[start..<end].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? end
      if let at = bytes[start..<authorityEnd].lastIndex(of: UInt8(ascii: "@")) {
        result += bytes[copied..<start] + Secrets.mark.utf8
        copied = at
      }
      if let query = bytes[max(copied, start)..<end].firstIndex(of: UInt8(ascii: "?")) {
        result += bytes[copied...query] + Secrets.mark.utf8
        copied = end
      }
      // What follows inside this URL belongs to it.
      position = end
    }
    return copied == 0 ? text : String(decoding: result + bytes[copied...], as: UTF8.self)
  }

  /// True if a text begins as a URL does.
  static func isURL(_ text: String) -> Bool {
    for (index, byte) in text.utf8.enumerated() {
      switch byte {
      case 48...57, 65...90, 97...122, 43, 45, 46: continue
      default: return byte == UInt8(ascii: ":") && index > 0
      }
    }
    return false
  }

  /// Returns the login of a URL, and its user name and password.
  static func logins(in url: [UInt8]) -> [String] {
    guard let start = authority(in: url, from: 0) else { return [] }
    let authority = url[start...].prefix {
      $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
    }
    return authority.lastIndex(of: UInt8(ascii: "@")).map { logins(authority[..<$0]) } ?? []
  }

  static func logins(_ login: ArraySlice<UInt8>) -> [String] {
    ([login] + login.split(separator: UInt8(ascii: ":"), maxSplits: 1)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Returns the names and values in the query and fragment of a URL.
  static func parameters(of url: [UInt8]) -> [(name: String, value: String)] {
    guard let start = url.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else { return [] }
    let parts = url[start...].split { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "?") }
    return parts.map { part in
      let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.startIndex
      let value = part[equals...].dropFirst(part.startIndex == equals ? 0 : 1)
      return (String(decoding: part[..<equals], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
  }

  /// True if a value is long and has a digit, as signatures do and words do not.
  static func mayBeSignature(_ value: String) -> Bool {
    value.utf8.count >= 16 && value.utf8.contains { (48...57).contains($0) }
  }

  /// The offset after the next `://`.
  static func authority(in bytes: [UInt8], from position: Int) -> Int? {
    var index = position
    while index + 3 <= bytes.count {
      if bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: "/"), bytes[index + 2] == UInt8(ascii: "/")
      {
        return index + 3
      }
      index += 1
    }
    return nil
  }

  private static func endsURL(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
  }
}
