internal import CCurl

// Stand-in for the old protocol until the loop passes its own descriptor. Delete this file at the merge.
extension CurlSleeper {
  func sleep(milliseconds: Int32) {
    guard let handle = multiForMerge.handle else { return }
    curl_multi_poll(handle, nil, 0, milliseconds < 0 ? 60_000 : milliseconds, nil)
  }

  func wake() { if let handle = multiForMerge.handle { curl_multi_wakeup(handle) } }
}
