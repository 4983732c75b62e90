internal import CCurl

/// A proxy, as libcurl reads its URL.
struct ProxyAddress: Sendable {
  let host: HostPort
  /// True if libcurl resolves the host of the URL itself: SOCKS 4 and 5 take addresses.
  let resolvesLocally: Bool

  private static let flags = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME
  /// libcurl's default port of each kind of proxy.
  private static let ports = [
    "http": 1080, "https": 443, "socks": 1080, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080,
  ]

  /// Parses a proxy's URL; nil for an empty one.
  ///
  /// - Throws: INVALID_ARGUMENT without the URL, in which passwords are.
  static func parse(_ text: String) throws(AkoolError) -> ProxyAddress? {
    if text.isEmpty { return nil }
    do throws(CurlURL.Fault) { return try read(text) } catch {
      switch error {
      case .outOfMemory: throw AkoolError(.localIO, "configuration: proxy: out of memory", isRetryable: true)
      case .malformed:
        throw AkoolError(
          .invalidArgument, "configuration: proxy: is not the URL of a proxy",
          hint: "Write http://user:password@host:port; socks4a, socks5h and https are proxies too. "
            + "Percent-encode / ? # @ in passwords.")
      }
    }
  }

  private static func read(_ text: String) throws(CurlURL.Fault) -> ProxyAddress {
    let url = try CurlURL(text, flags: flags)
    guard let scheme = try url.part(CURLUPART_SCHEME)?.lowercased(), let standard = ports[scheme],
      let host = try url.host(CURLU_URLDECODE)
    else { throw .malformed }
    let port = try url.part(CURLUPART_PORT).flatMap { Int($0) } ?? standard
    return ProxyAddress(
      host: HostPort(name: host, port: port), resolvesLocally: ["socks", "socks4", "socks5"].contains(scheme))
  }
}
