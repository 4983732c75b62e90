internal import CCurl

/// The checks of a base URL.
enum BaseURL {
  static func check(_ text: String, _ network: NetworkSettings) throws(AkoolError) -> String {
    if text.hasPrefix(Configuration.simulatorScheme) { return text }
    let url: URLParts?
    do throws(CurlURL.Fault) { url = try URLParts(parsing: text) } catch {
      throw AkoolError(.localIO, "configuration: base_url: out of memory", isRetryable: true)
    }
    guard let url, url.scheme == "https" || url.scheme == "http" else {
      throw fault("is not an https:// URL and not simulator:")
    }
    if url.hasUser { throw fault("must not contain a user name or password") }
    if url.hasQuery { throw fault("must not contain a query or fragment") }
    if url.scheme == "http", !network.allowsInsecureHTTP { try checkStaysHere(url, network) }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// Refuses every way on which credentials would leave this machine without TLS.
  private static func checkStaysHere(_ url: URLParts, _ network: NetworkSettings) throws(AkoolError) {
    guard url.isLoopback else { throw inTheClear("base_url", "to \(url.host)") }
    if !network.proxy.isEmpty, !network.noProxy.contains(url.host) { throw inTheClear("proxy", "to a proxy") }
    for entry in network.resolve where !FixedAddress.staysHere(entry) { throw inTheClear("resolve", "to another host") }
  }

  private static func inTheClear(_ key: String, _ place: String) -> AkoolError {
    AkoolError(
      .invalidArgument, "configuration: \(key): http:// would send credentials in the clear \(place)",
      hint: "Use https://, or set allow_insecure_http if you know the network.")
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
  let query: String?
  let hasUser: Bool
  private let hasFragment: Bool

  var hasQuery: Bool { query != nil || hasFragment }

  init?(_ text: String) {
    guard let parts = try? URLParts(parsing: text) else { return nil }
    self = parts
  }

  /// Parses a URL; nil when the text is none.
  ///
  /// - Throws: `outOfMemory` alone.
  init?(parsing text: String) throws(CurlURL.Fault) {
    do throws(CurlURL.Fault) {
      let url = try CurlURL(text)
      guard let scheme = try url.part(CURLUPART_SCHEME), let host = try url.part(CURLUPART_HOST) else { return nil }
      self.scheme = scheme
      self.host = host.lowercased()
      port = try url.part(CURLUPART_PORT, CURLU_DEFAULT_PORT) ?? ""
      path = try url.part(CURLUPART_PATH) ?? "/"
      query = try url.part(CURLUPART_QUERY)
      let (user, password) = (try url.part(CURLUPART_USER), try url.part(CURLUPART_PASSWORD))
      hasUser = user != nil || password != nil
      hasFragment = try url.part(CURLUPART_FRAGMENT) != nil
    } catch {
      if error == .outOfMemory { throw error }
      return nil
    }
  }

  var isLoopback: Bool { host == "localhost" || Self.isLoopback(address: host) }

  /// Scheme, host and port: what credentials belong to.
  var origin: String { "\(scheme)://\(host):\(port)" }

  /// - Parameter address: An IPv6 address stands in brackets.
  static func isLoopback(address: String) -> Bool {
    let octets = address.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return address == "[::1]" || octets.count == 4 && octets[0] == 127 && !octets.contains(nil)
  }
}
