internal import CCurl
internal import CLinux

/// A multi handle. It is freed on the loop's thread by `close`, or with its last owner when the transport never ran.
final class CurlMulti {
  let sockets = TransportSockets()
  /// Nil once it was closed.
  private(set) var handle: UnsafeMutableRawPointer?

  init(maximumConnections: Int) throws(AkoolError) {
    // libcurl makes a pair of sockets.
    let filled = akool_fill_stdio()
    let handle = curl_multi_init()
    akool_free_stdio(filled)
    guard let handle else {
      throw AkoolError(
        .localIO, "libcurl cannot make a multi handle", hint: "Free memory, or raise the limit of open files.",
        isRetryable: true)
    }
    self.handle = handle
    _ = akool_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, maximumConnections)
  }

  deinit { close() }

  /// Closes all connections. No easy handle may be added any more.
  func close() {
    guard let handle else { return }
    self.handle = nil
    curl_multi_cleanup(handle)
  }
}
