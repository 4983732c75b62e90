/// Takes a request target apart.
enum RequestTarget {
  static func split(_ target: String) -> (path: String, query: [SimulatedRequest.QueryItem]) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = decode(parts.first ?? "", plusIsBlank: false)
    return (path, parts.count > 1 ? items(parts[1]) : [])
  }

  private static func items(_ query: Substring) -> [SimulatedRequest.QueryItem] {
    query.split(separator: "&").map { item in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (decode(parts[0], plusIsBlank: true), parts.count > 1 ? decode(parts[1], plusIsBlank: true) : "")
    }
  }

  /// Percent-decoding; a `%` without two digits stands for itself.
  private static func decode(_ text: Substring, plusIsBlank: Bool) -> String {
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
      if source[index] == UInt8(ascii: "%"), let byte = escapedByte(source, at: index + 1) {
        bytes.append(byte)
        index += 3
      } else {
        bytes.append(plusIsBlank && source[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : source[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func escapedByte(_ source: [UInt8], at index: Int) -> UInt8? {
    guard index + 1 < source.count, let high = hexValue(source[index]), let low = hexValue(source[index + 1]) else {
      return nil
    }
    return high << 4 | low
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: return byte - 48
    case 65...70: return byte - 55
    case 97...102: return byte - 87
    default: return nil
    }
  }
}
