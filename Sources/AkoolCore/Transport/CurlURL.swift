internal import CCurl

/// A URL in libcurl's own parser, so that what is checked is what is connected to.
struct CurlURL: ~Copyable {
  /// Why there is no URL.
  enum Fault: Error {
    case malformed
    case outOfMemory
  }

  private let handle: OpaquePointer

  /// Parses a URL.
  ///
  /// - Parameter flags: `CURLU_…` as libcurl's own use of the same text has them.
  init(_ text: String, flags: Int32 = 0) throws(Fault) {
    guard let handle = curl_url() else { throw .outOfMemory }
    do throws(Fault) { try Self.set(handle, text, flags) } catch {
      curl_url_cleanup(handle)
      throw error
    }
    self.handle = handle
  }

  deinit { curl_url_cleanup(handle) }

  /// Replaces the URL; a relative one is resolved against the present one.
  func set(_ text: String, _ flags: Int32 = 0) throws(Fault) { try Self.set(handle, text, flags) }

  private static func set(_ handle: OpaquePointer, _ text: String, _ flags: Int32) throws(Fault) {
    // A C string ends at NUL: what came behind it would not be judged.
    guard !text.utf8.contains(0) else { throw .malformed }
    switch curl_url_set(handle, CURLUPART_URL, text, UInt32(bitPattern: flags)) {
    case CURLUE_OK: return
    case CURLUE_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .malformed
    }
  }

  /// Returns a part, or nil where the URL has none.
  func part(_ part: CURLUPart, _ flags: Int32 = 0) throws(Fault) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    let code = curl_url_get(handle, part, &text, UInt32(bitPattern: flags))
    if code == CURLUE_OUT_OF_MEMORY { throw .outOfMemory }
    guard code == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  /// The host as libcurl looks it up: names in ASCII, in small letters; IPv6 addresses in brackets.
  ///
  /// A name that libcurl cannot convert, as in a program without a UTF-8 locale, stays as it is.
  func host(_ flags: Int32 = 0) throws(Fault) -> String? {
    guard let host = try part(CURLUPART_HOST, flags) else { return nil }
    guard !host.utf8.allSatisfy({ $0 < 0x80 }) else { return host.lowercased() }
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, CURLUPART_HOST, &text, UInt32(bitPattern: flags | CURLU_PUNYCODE)) == CURLUE_OK, let text
    else { return host }
    defer { curl_free(text) }
    return String(cString: text).lowercased()
  }
}
