internal import CCurl

/// Sets options of an easy handle and keeps the first failure: without its proxy, say, a transfer must not start.
struct CurlOptions {
  let easy: UnsafeMutableRawPointer
  private(set) var code = CURLE_OK

  init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

  /// Keeps a failure.
  mutating func note(_ result: CURLcode) {
    if result != CURLE_OK, code == CURLE_OK { code = result }
  }

  mutating func set(_ option: CURLoption, _ value: Int) { note(akool_curl_set_long(easy, option, value)) }

  mutating func set(_ option: CURLoption, _ value: String?) { note(akool_curl_set_string(easy, option, value)) }

  mutating func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) {
    note(akool_curl_set_pointer(easy, option, pointer))
  }

  mutating func set(_ option: CURLoption, _ callback: akool_curl_bytes_callback) {
    note(akool_curl_set_bytes_callback(easy, option, callback))
  }

  /// libcurl keeps a pointer to the list.
  mutating func set(_ option: CURLoption, _ list: CurlList) {
    note(list.isComplete ? akool_curl_set_list(easy, option, list.first) : CURLE_OUT_OF_MEMORY)
  }

  /// Sets an option that only costs time where libcurl lacks it.
  func prefer(_ option: CURLoption, _ value: Int) { _ = akool_curl_set_long(easy, option, value) }
}

/// A list of texts for libcurl, appended to in constant time.
final class CurlList {
  private(set) var first: UnsafeMutablePointer<curl_slist>?
  private var last: UnsafeMutablePointer<curl_slist>?
  /// False when there was no memory for an element.
  private(set) var isComplete = true

  init(_ texts: [String] = []) { for text in texts { append(text) } }

  deinit { curl_slist_free_all(first) }

  func append(_ text: String) {
    guard let node = curl_slist_append(nil, text) else {
      isComplete = false
      return
    }
    if let last { last.pointee.next = node } else { first = node }
    last = node
  }
}
