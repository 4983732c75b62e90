internal import CCrypto

/// The pair that AKOOL signs and encrypts webhooks with.
struct WebhookSecret: Sendable {
  static let keyLengths = [16, 24, 32]

  let id: String
  let secret: String

  /// SHA-1 over the four parts in the order of their bytes, in hexadecimal.
  func signature(timestamp: String, nonce: String, encrypted: String) -> String {
    let parts = [id, timestamp, nonce, encrypted].map { Array($0.utf8) }
    let text = parts.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
    var hash = [UInt8](repeating: 0, count: 64)
    var length: UInt32 = 0
    guard EVP_Digest(text, text.count, &hash, &length, akool_sha1(), nil) == 1 else { return "" }
    return Hexadecimal.text(hash.prefix(Int(length)))
  }

  /// AES in CBC mode; the key's length decides which AES, and the first 16 bytes of the id are the first block. Nil
  /// when this is no ciphertext, or not of this key.
  func decrypted(_ bytes: [UInt8]) -> [UInt8]? {
    guard !bytes.isEmpty, bytes.count.isMultiple(of: 16), let cipher, let context = EVP_CIPHER_CTX_new() else {
      return nil
    }
    defer { EVP_CIPHER_CTX_free(context) }
    let start = Array((Array(id.utf8) + [UInt8](repeating: 0, count: 16)).prefix(16))
    var plain = [UInt8](repeating: 0, count: bytes.count + 16)
    var count: Int32 = 0
    guard EVP_DecryptInit_ex(context, cipher, nil, Array(secret.utf8), start) == 1,
      EVP_CIPHER_CTX_set_padding(context, 0) == 1,
      EVP_DecryptUpdate(context, &plain, &count, bytes, Int32(clamping: bytes.count)) == 1, Int(count) == bytes.count
    else { return nil }
    return Self.unpadded(plain.prefix(bytes.count))
  }

  private var cipher: OpaquePointer? {
    switch secret.utf8.count {
    case 16: return EVP_aes_128_cbc()
    case 24: return EVP_aes_192_cbc()
    case 32: return EVP_aes_256_cbc()
    default: return nil
    }
  }

  /// Without the padding of PKCS #7, whose bytes are all looked at whatever they are: how long the check takes must
  /// not tell a forger how far the guess was right.
  private static func unpadded(_ plain: ArraySlice<UInt8>) -> [UInt8]? {
    let length = plain.last ?? 0
    var faults: UInt8 = (1...16).contains(length) ? 0 : 1
    for (place, byte) in plain.suffix(16).reversed().enumerated() {
      let isPadding: UInt8 = place < Int(length) ? 0xFF : 0
      faults |= (byte ^ length) & isPadding
    }
    return faults == 0 ? Array(plain.dropLast(Int(length))) : nil
  }
}
