/// Hides what URLs in a text carry besides an address: user names, passwords, and queries, where signatures are.
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
