internal import AkoolCore
internal import CCrypto

/// Makes the body of a webhook: encrypted and signed with an account's client id and secret.
struct WebhookSigner {
  let clientID: String
  let clientSecret: String

  /// Nil where the secret is no key of AES, which has 16, 24 or 32 bytes.
  func body(_ content: JSON, timestamp: Milliseconds, nonce: String) -> JSON? {
    guard let encrypted = encrypted(content.serializedBytes()) else { return nil }
    let text = Self.base64(encrypted)
    return [
      "signature": .string(signature([clientID, String(timestamp), nonce, text])), "dataEncrypt": .string(text),
      "timestamp": .integer(timestamp), "nonce": .string(nonce),
    ]
  }

  private func signature(_ parts: [String]) -> String {
    let text = parts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
    var hash = [UInt8](repeating: 0, count: 64)
    var count: UInt32 = 0
    EVP_Digest(text, text.count, &hash, &count, akool_sha1(), nil)
    return Hexadecimal.text(Array(hash.prefix(Int(count))))
  }

  private func encrypted(_ plain: [UInt8]) -> [UInt8]? {
    let (key, id) = (Array(clientSecret.utf8), Array(clientID.utf8))
    let vector = id.prefix(16) + [UInt8](repeating: 0, count: max(0, 16 - id.count))
    guard let cipher = Self.cipher(key.count), let context = EVP_CIPHER_CTX_new() else { return nil }
    defer { EVP_CIPHER_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: plain.count + 16)
    var (written, rest): (Int32, Int32) = (0, 0)
    guard EVP_EncryptInit_ex(context, cipher, nil, key, Array(vector)) == 1,
      EVP_EncryptUpdate(context, &output, &written, plain, Int32(clamping: plain.count)) == 1,
      output.withUnsafeMutableBufferPointer({ buffer in
        EVP_EncryptFinal_ex(context, buffer.baseAddress.map { $0 + Int(written) }, &rest)
      }) == 1
    else { return nil }
    return Array(output.prefix(Int(written + rest)))
  }

  private static func cipher(_ keyBytes: Int) -> OpaquePointer? {
    switch keyBytes {
    case 16: EVP_aes_128_cbc()
    case 24: EVP_aes_192_cbc()
    case 32: EVP_aes_256_cbc()
    default: nil
    }
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let count = EVP_EncodeBlock(&text, bytes, Int32(clamping: bytes.count))
    return String(decoding: text.prefix(Int(count)), as: UTF8.self)
  }
}
