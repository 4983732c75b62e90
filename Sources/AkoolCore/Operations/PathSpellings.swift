/// The paths that servers may take a request's path for, in one form that can be compared.
///
/// Servers and gateways decode once or several times, collapse slashes before or after they remove dot segments, and
/// drop parameters, blanks and dots behind a name. All of it is done here; each byte is read a bounded number of times.
enum PathSpellings {
  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  /// Returns the plain forms of a path that begins with a slash, without query, as libcurl sends it.
  static func plain(_ path: String) -> [String] {
    let decoded = decode(path.utf8)
    let cut = decoded.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") && $0 != 0 }
    var forms: [String] = []
    for bytes in [decoded[...], cut] {
      for collapsesFirst in [true, false] {
        let form = plain(bytes, collapsesFirst)
        if !forms.contains(form) { forms.append(form) }
      }
    }
    return forms
  }

  /// Removes percent-encoding until none is left, as if each layer were removed in turn. Backslashes become slashes.
  private static func decode(_ text: String.UTF8View) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for byte in text {
      result.append(byte)
      while let value = encodedByte(at: result) {
        result.removeLast(3)
        result.append(value)
      }
    }
    return result.map { $0 == UInt8(ascii: "\\") ? slash : $0 }
  }

  /// The byte that the last three stand for, or nil.
  private static func encodedByte(at bytes: [UInt8]) -> UInt8? {
    let count = bytes.count
    guard count >= 3, bytes[count - 3] == UInt8(ascii: "%"), let high = digit(bytes[count - 2]),
      let low = digit(bytes[count - 1])
    else { return nil }
    return high << 4 | low
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: return byte - 0x30
    case 0x41...0x46, 0x61...0x66: return (byte | 0x20) - 0x57
    default: return nil
    }
  }

  private static func plain(_ bytes: ArraySlice<UInt8>, _ collapsesFirst: Bool) -> String {
    var segments: [ArraySlice<UInt8>] = []
    for part in bytes.split(separator: slash, omittingEmptySubsequences: collapsesFirst).map(withoutParameters) {
      if part.elementsEqual([dot, dot]) {
        _ = segments.popLast()
      } else if !part.elementsEqual([dot]) {
        segments.append(part)
      }
    }
    let names = segments.map(name).filter { !$0.isEmpty }
    return String(decoding: names.flatMap { [slash] + $0 }, as: UTF8.self)
  }

  private static func withoutParameters(_ segment: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    segment.prefix { $0 != UInt8(ascii: ";") }
  }

  /// A segment in small letters, without the blanks, controls and dots behind it.
  private static func name(_ segment: ArraySlice<UInt8>) -> [UInt8] {
    var name = segment
    while let last = name.last, last <= 0x20 || last == 0x7F || last == dot { name.removeLast() }
    return name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }
}
