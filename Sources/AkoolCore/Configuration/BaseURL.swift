internal import CCurl

/// The checks of a base URL.
enum BaseURL {
  static func check(_ text: String, _ network: NetworkSettings) throws(AkoolError) -> String {
    if text.hasPrefix(Configuration.simulatorScheme) { return text }
    guard let url = URLParts(text), url.scheme == "https" || url.scheme == "http" else {
      throw fault("is not an https:// URL and not simulator:")
    }
    if url.hasUser { throw fault("must not contain a user name or password") }
    if url.hasQuery { throw fault("must not contain a query or fragment") }
    if url.scheme == "http", !url.isLoopback, !network.allowsInsecureHTTP {
      throw AkoolError(
        .invalidArgument, "configuration: base_url: http:// would send credentials in the clear to \(url.host)",
        hint: "Use https://, or set allow_insecure_http if you know the network.")
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  private static func fault(_ text: String) -> AkoolError {
    AkoolError(
      .invalidArgument, "configuration: base_url: \(text)", hint: "The service is at https://openapi.akool.com.")
  }
}

/// The parts of a URL, by libcurl's own parser, so that what is checked is what is connected to.
struct URLParts {
  let scheme: String
  let host: String
  let port: String
  let path: String
  let hasUser: Bool
  let hasQuery: Bool

  init?(_ text: String) {
    guard let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    guard curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK,
      let scheme = Self.part(handle, CURLUPART_SCHEME), let host = Self.part(handle, CURLUPART_HOST)
    else { return nil }
    self.scheme = scheme
    self.host = host.lowercased()
    port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)) ?? ""
    path = Self.part(handle, CURLUPART_PATH) ?? "/"
    hasUser = Self.part(handle, CURLUPART_USER) != nil || Self.part(handle, CURLUPART_PASSWORD) != nil
    hasQuery = Self.part(handle, CURLUPART_QUERY) != nil || Self.part(handle, CURLUPART_FRAGMENT) != nil
  }

  var isLoopback: Bool { host == "localhost" || host == "[::1]" || isLoopbackIPv4 }

  /// Scheme, host and port: what credentials belong to.
  var origin: String { "\(scheme)://\(host):\(port)" }

  private var isLoopbackIPv4: Bool {
    let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return octets.count == 4 && octets[0] == 127 && !octets.contains(nil)
  }

  private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
