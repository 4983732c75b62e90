/// Looks into JSON Web Tokens for their end. The signature is the server's business.
enum JSONWebToken {
  /// `exp` in Unix milliseconds, or nil when the text is no such token.
  static func expiry(of token: String) -> Int64? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].utf8.count < 65_536, let bytes = Base64URL.decode(parts[1].utf8),
      let claims = try? JSON.parse(serverBytes: bytes), let seconds = claims["exp"]?.double,
      seconds > 0, seconds < 1e12
    else { return nil }
    return Int64(seconds * 1000)
  }
}

/// The base64 alphabet of URLs (RFC 4648 §5); padding is optional.
enum Base64URL {
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for byte in text where byte != UInt8(ascii: "=") {
      guard let value = value(of: byte) else { return nil }
      buffer = (buffer << 6 | UInt32(value)) & 0xFFFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
      }
    }
    return result
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case 65...90: return byte - 65
    case 97...122: return byte - 71
    case 48...57: return byte + 4
    case UInt8(ascii: "-"), UInt8(ascii: "+"): return 62
    case UInt8(ascii: "_"), UInt8(ascii: "/"): return 63
    default: return nil
    }
  }
}
