internal import CCurl

/// The options of libcurl that follow from the configuration and are the same for every request.
struct CurlSettings {
  private let configuration: Configuration
  /// Whether the base URL is https, to which everything then keeps.
  private let isSecure: Bool

  init(_ configuration: Configuration) {
    self.configuration = configuration
    isSecure = configuration.baseURL.lowercased().hasPrefix("https:")
  }

  func apply(to easy: UnsafeMutableRawPointer) {
    applyProtocol(easy)
    applyTLS(easy)
    applyNetwork(easy)
  }

  private func applyProtocol(_ easy: UnsafeMutableRawPointer) {
    _ = akool_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    // Lets a handle be removed while getaddrinfo still runs.
    _ = akool_curl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    _ = akool_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, isSecure ? "https" : "http,https")
    // Redirects are followed by the call, which knows where credentials may go.
    _ = akool_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    _ = akool_curl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "gzip")
    _ = akool_curl_set_string(easy, CURLOPT_USERAGENT, configuration.userAgent)
    let version = configuration.network.allowsHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
    _ = akool_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(version))
    // No waiting for a connection that may turn out to carry many requests: it may as well turn out to hang,
    // and every other call with it.
    _ = akool_curl_set_long(easy, CURLOPT_PIPEWAIT, 0)
  }

  private func applyTLS(_ easy: UnsafeMutableRawPointer) {
    _ = akool_curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
    _ = akool_curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
    _ = akool_curl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    let tls = configuration.tls
    if var blob = tls.caBlob {
      // libcurl copies the text.
      blob.withUTF8 {
        _ = akool_curl_set_blob(easy, CURLOPT_CAINFO_BLOB, UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
      }
      _ = akool_curl_set_string(easy, CURLOPT_CAPATH, nil)
    } else if tls.caFile != nil || tls.caPath != nil {
      _ = akool_curl_set_string(easy, CURLOPT_CAINFO, tls.caFile)
      _ = akool_curl_set_string(easy, CURLOPT_CAPATH, tls.caPath)
    } else if Self.hasDefaultCAFile(easy) {
      // With a folder libcurl loads all certificates for each connection: 33 ms on the I/O thread. A file
      // alone is cached.
      _ = akool_curl_set_string(easy, CURLOPT_CAPATH, nil)
    }
  }

  private static func hasDefaultCAFile(_ easy: UnsafeMutableRawPointer) -> Bool {
    var path: UnsafePointer<CChar>?
    return akool_curl_get_string(easy, CURLINFO_CAINFO, &path) == CURLE_OK && path != nil
  }

  private func applyNetwork(_ easy: UnsafeMutableRawPointer) {
    let network = configuration.network
    _ = akool_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(configuration.connectTimeout))
    // Always both: otherwise libcurl calls getenv in each transfer, racing with the host's setenv.
    _ = akool_curl_set_string(easy, CURLOPT_PROXY, network.proxy)
    _ = akool_curl_set_string(easy, CURLOPT_NOPROXY, network.noProxy)
    _ = akool_curl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    _ = akool_curl_set_long(easy, CURLOPT_IPRESOLVE, Int(network.family.curlValue))
    _ = akool_curl_set_string(easy, CURLOPT_INTERFACE, network.interface)
    _ = akool_curl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
    _ = akool_curl_set_long(easy, CURLOPT_MAXAGE_CONN, Int(max(1, network.idleConnectionAge / 1000)))
  }
}

extension NetworkSettings.Family {
  fileprivate var curlValue: Int32 {
    switch self {
    case .any: return CURL_IPRESOLVE_WHATEVER
    case .ipv4: return CURL_IPRESOLVE_V4
    case .ipv6: return CURL_IPRESOLVE_V6
    }
  }
}
