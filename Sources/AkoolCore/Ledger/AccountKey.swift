internal import CCrypto

/// Names an account in the ledger without giving its key away: where it is, and a digest of what opens it.
enum AccountKey {
  static func of(_ credentials: Credentials, at baseURL: String) throws(AkoolError) -> String {
    baseURL + "#" + (try digest(secret(credentials)))
  }

  private static func secret(_ credentials: Credentials) -> String {
    switch credentials {
    case .apiKey(let key): return "key " + key
    case .token(let token): return "token " + token
    case .client(let id, _): return "client " + id
    }
  }

  /// The first eight bytes of SHA-256.
  static func digest(_ text: String) throws(AkoolError) -> String {
    var text = text
    var hash = [UInt8](repeating: 0, count: 64)
    let isMade = text.withUTF8 { EVP_Digest($0.baseAddress, $0.count, &hash, nil, akool_sha256(), nil) == 1 }
    guard isMade else {
      throw AkoolError(
        .localIO, "SHA-256 cannot be computed: libcrypto has no memory, or does not offer it",
        hint: "Try again, and check the memory of the process.", isRetryable: true)
    }
    return Hexadecimal.text(hash.prefix(8))
  }
}

/// Bytes as hexadecimal digits.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  /// So many random digits as no two ids share.
  static func identifier(_ random: inout some RandomNumberGenerator) -> String {
    text((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })
  }
}
