internal import CCurl

/// The options of libcurl that follow from the configuration and are the same for every request.
final class CurlSettings {
  let configuration: Configuration
  /// Whether the base URL is https, to which everything then keeps.
  private let isSecure: Bool
  /// True where credentials go without TLS, and so to this machine alone.
  let staysHere: Bool
  /// The configuration's fixed addresses, for each handle: one of them may stand for all hosts of a port.
  let fixedAddresses: [String]

  /// The certificates of `ca_blob`: libcurl keeps what it has read of a file, and parses a text for each connection.
  private let certificates: MemoryFile?

  init(_ configuration: Configuration) {
    self.configuration = configuration
    certificates = configuration.tls.caBlob.flatMap(MemoryFile.init)
    isSecure = configuration.baseURL.lowercased().hasPrefix("https:")
    staysHere = !isSecure && !configuration.network.allowsInsecureHTTP
    fixedAddresses = configuration.network.resolve.map(FixedAddress.entry)
  }

  func apply(to options: inout CurlOptions) {
    applyProtocol(&options)
    applyTLS(&options)
    applyNetwork(&options)
  }

  private func applyProtocol(_ options: inout CurlOptions) {
    options.set(CURLOPT_NOSIGNAL, 1)
    // Lets a handle be removed while libcurl's own resolver still runs.
    options.prefer(CURLOPT_QUICK_EXIT, 1)
    options.set(CURLOPT_PROTOCOLS_STR, isSecure ? "https" : "http,https")
    // Redirects are followed by the call, which knows where credentials may go.
    options.set(CURLOPT_FOLLOWLOCATION, 0)
    options.set(CURLOPT_ACCEPT_ENCODING, "gzip")
    options.set(CURLOPT_USERAGENT, configuration.userAgent)
    let version = configuration.network.allowsHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
    options.prefer(CURLOPT_HTTP_VERSION, Int(version))
    // No waiting for a connection that may turn out to carry many requests: it may as well turn out to hang,
    // and every other call with it.
    options.set(CURLOPT_PIPEWAIT, 0)
  }

  private func applyTLS(_ options: inout CurlOptions) {
    options.set(CURLOPT_SSL_VERIFYPEER, 1)
    options.set(CURLOPT_SSL_VERIFYHOST, 2)
    options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    // Without finite-field Diffie-Hellman, whose group the server chooses: one of 10 000 bits takes OpenSSL a second,
    // on the I/O thread.
    if isSecure, CurlLibrary.usesOpenSSL { options.set(CURLOPT_SSL_CIPHER_LIST, "DEFAULT:!kDHE") }
    let tls = configuration.tls
    if let file = certificates {
      options.set(CURLOPT_CAINFO, file.path)
      options.set(CURLOPT_CAPATH, nil)
    } else if let blob = tls.caBlob {
      applyBlob(blob, &options)
    } else if tls.caFile != nil || tls.caPath != nil {
      options.set(CURLOPT_CAINFO, tls.caFile)
      options.set(CURLOPT_CAPATH, tls.caPath)
    } else if Self.hasDefaultCAFile(options.easy) {
      // With a folder libcurl loads all certificates for each connection: 33 ms on the I/O thread. A file
      // alone is cached.
      options.set(CURLOPT_CAPATH, nil)
    }
  }

  private func applyBlob(_ blob: String, _ options: inout CurlOptions) {
    var blob = blob
    // libcurl copies the text.
    let code = blob.withUTF8 {
      akool_curl_set_blob(
        options.easy, CURLOPT_CAINFO_BLOB, UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
    }
    options.note(code)
    options.set(CURLOPT_CAPATH, nil)
  }

  private static func hasDefaultCAFile(_ easy: UnsafeMutableRawPointer) -> Bool {
    var path: UnsafePointer<CChar>?
    return akool_curl_get_string(easy, CURLINFO_CAINFO, &path) == CURLE_OK && path != nil
  }

  private func applyNetwork(_ options: inout CurlOptions) {
    let network = configuration.network
    options.set(CURLOPT_CONNECTTIMEOUT_MS, Int(configuration.connectTimeout))
    // Always both: otherwise libcurl calls getenv in each transfer, racing with the host's setenv, and sends the
    // credentials by way of a proxy that it finds there.
    options.set(CURLOPT_PROXY, network.proxy)
    options.set(CURLOPT_NOPROXY, network.noProxy.list)
    options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    options.set(CURLOPT_IPRESOLVE, Int(network.family.curlValue))
    options.set(CURLOPT_INTERFACE, network.interface)
    options.prefer(CURLOPT_TCP_KEEPALIVE, 1)
    options.prefer(CURLOPT_MAXAGE_CONN, Int(max(1, network.idleConnectionAge / 1000)))
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
