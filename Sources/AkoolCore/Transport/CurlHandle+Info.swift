internal import CCurl

/// Facts about a transfer, as libcurl has them.
extension CurlHandle {
  var response: HTTPResponse {
    HTTPResponse(status: long(CURLINFO_RESPONSE_CODE), headers: received.headers, body: received.body)
  }

  var usesHTTP2: Bool { long(CURLINFO_HTTP_VERSION) == Int(CURL_HTTP_VERSION_2_0) }

  /// libcurl has sent something, or was about to: the server may have the request.
  var delivery: Delivery {
    offset(CURLINFO_PRETRANSFER_TIME_T) == 0 && long(CURLINFO_REQUEST_SIZE) == 0 ? .notSent : .maybeSent
  }

  /// True if a proxy answered CONNECT with a status other than success.
  var isRefusedByProxy: Bool {
    let status = long(CURLINFO_HTTP_CONNECTCODE)
    return status != 0 && !(200..<300).contains(status)
  }

  func offset(_ info: CURLINFO) -> Int64 {
    var value: curl_off_t = 0
    _ = akool_curl_get_offset(easy, info, &value)
    return Int64(value)
  }

  func long(_ info: CURLINFO) -> Int {
    var value = 0
    _ = akool_curl_get_long(easy, info, &value)
    return value
  }
}
