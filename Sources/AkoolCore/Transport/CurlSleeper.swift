internal import CCurl
internal import Glibc

/// Waits for the sockets of a multi handle and for the loop's descriptor.
///
/// libcurl's own wake-up sockets are not used: `curl_multi_init` succeeds when there was no descriptor for them.
final class CurlSleeper: LoopSleeper, @unchecked Sendable {
  // Only the loop's thread sleeps and closes the multi handle.
  private let multi: CurlMulti

  init(_ multi: CurlMulti) { self.multi = multi }

  func sleep(_ wakeDescriptor: Int32, milliseconds: Int32) -> Bool {
    guard let handle = multi.handle else { return Self.poll(wakeDescriptor, milliseconds) }
    var wake = curl_waitfd(fd: wakeDescriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
    // libcurl takes no "for ever"; its own time-outs shorten the wait where there are transfers.
    let code = curl_multi_poll(handle, &wake, 1, milliseconds < 0 ? 60_000 : milliseconds, nil)
    // Without memory libcurl returns immediately: a pause keeps the loop from spinning.
    if code != CURLM_OK { return Self.poll(wakeDescriptor, milliseconds < 0 ? 10 : min(milliseconds, 10)) }
    return wake.revents != 0
  }

  private static func poll(_ descriptor: Int32, _ milliseconds: Int32) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&watched, 1, milliseconds) > 0
  }
}
