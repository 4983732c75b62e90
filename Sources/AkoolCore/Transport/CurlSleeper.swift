internal import CCurl

/// Waits for the sockets of a multi handle.
final class CurlSleeper: LoopSleeper, @unchecked Sendable {
  // libcurl allows curl_multi_wakeup from any thread; the transport frees the handle only after `retire`.
  private let lock = Lock()
  private var multi: UnsafeMutableRawPointer?

  init(_ multi: UnsafeMutableRawPointer) { self.multi = multi }

  func sleep(milliseconds: Int32) {
    guard let multi = lock.withLock({ multi }) else { return }
    // libcurl takes no "for ever"; its own time-outs shorten the wait where there are transfers.
    curl_multi_poll(multi, nil, 0, milliseconds < 0 ? 60_000 : milliseconds, nil)
  }

  func wake() {
    lock.withLock { if let multi { curl_multi_wakeup(multi) } }
  }

  /// Called on the loop's thread before the handle is freed. The loop then only runs what is left and ends.
  func retire() { lock.withLock { multi = nil } }
}
