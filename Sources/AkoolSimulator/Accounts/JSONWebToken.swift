internal import AkoolCore

/// Writes JSON Web Tokens. The signature is noise: the simulator knows its tokens by heart, and nobody else can
/// check an HS256 signature anyway.
enum JSONWebToken {
  static func text(claims: JSON, _ random: inout RandomSource) -> String {
    let header: JSON = ["alg": "HS256", "typ": "JWT"]
    return [header.serializedBytes(), claims.serializedBytes(), random.bytes(32)]
      .map(base64URL).joined(separator: ".")
  }

  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func base64URL(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for place in 0...group.count { text.append(digits[Int(bits >> UInt32(18 - 6 * place) & 63)]) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
