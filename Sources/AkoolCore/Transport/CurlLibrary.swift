internal import CCurl

/// libcurl's process-wide part.
enum CurlLibrary {
  /// libcurl 7.87.0: QUICK_EXIT, without which a slow name server can block the loop, and the CA cache.
  private static let oldestVersion: UInt32 = 0x07_57_00

  /// Whether an easy handle may be used for a second transfer. Before 8.0.0 a handle keeps a pointer to the last header
  /// of its last reply, which is freed; a reply whose first header begins with a blank makes libcurl follow it.
  static let canReuseHandles = (akool_curl_version()?.pointee.version_num ?? 0) >= 0x08_00_00

  /// True where names of ciphers are OpenSSL's.
  static let usesOpenSSL: Bool = {
    guard let name = akool_curl_version()?.pointee.ssl_version.map({ String(cString: $0) }) else { return false }
    return ["OpenSSL/", "quictls/", "LibreSSL/", "BoringSSL", "AWS-LC/"].contains(where: name.hasPrefix)
  }()

  /// Initialises libcurl once per process and checks that it can do what this library relies on. A failure is not
  /// kept: the next client tries again.
  static func prepare() throws(AkoolError) {
    if ProcessSlot.curl.isMarked { return }
    // Safe on several threads at once, and counted by libcurl, since 7.84.
    guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else {
      throw AkoolError(
        .localIO, "libcurl cannot be initialised",
        hint: "Free memory, and check the installation of libcurl and OpenSSL.",
        isRetryable: true)
    }
    try checkVersion()
    // Registered after OpenSSL's own exit handlers, so it runs before them: they pull the ground from
    // under threads that still do TLS.
    if ProcessSlot.curl.mark() { ProcessExit.watch() }
  }

  private static func checkVersion() throws(AkoolError) {
    guard let info = akool_curl_version()?.pointee else { return }
    let version = info.version.map { String(cString: $0) } ?? "unknown"
    guard info.version_num >= oldestVersion else { throw unsuitable("it is \(version), 7.87.0 or newer is needed") }
    let needed = [
      (CURL_VERSION_SSL, "TLS"), (CURL_VERSION_ASYNCHDNS, "asynchronous name resolution"),
      (CURL_VERSION_THREADSAFE, "thread-safe initialisation"),
    ]
    for (feature, name) in needed where info.features & feature == 0 {
      throw unsuitable("\(version) was built without \(name)")
    }
  }

  private static func unsuitable(_ reason: String) -> AkoolError {
    AkoolError(
      .localIO, "this libcurl cannot be used: \(reason)",
      hint: "Install the libcurl of Debian 12, Ubuntu 24.04 or newer.")
  }
}
