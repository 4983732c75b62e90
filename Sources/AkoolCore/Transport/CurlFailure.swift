internal import CCurl

/// Turns libcurl's codes into failures that callers act on.
enum CurlFailure {
  /// CURLE_TOO_LARGE of libcurl 8.6 and newer.
  private static let tooLarge = CURLcode(rawValue: 100)

  static func describe(_ code: CURLcode, _ handle: CurlHandle, _ configuration: Configuration) -> TransferFailure {
    let kind = kind(of: code, handle)
    return TransferFailure(kind, message(kind, code, handle, configuration), delivery: delivery(code, handle))
  }

  private static func kind(of code: CURLcode, _ handle: CurlHandle) -> TransferFailure.Kind {
    if handle.isTooLarge { return .tooLarge }
    if handle.hasRefusedAddress { return .redirect }
    if handle.isRefusedByProxy { return .proxy }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .nameResolution
    case CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT, CURLE_INTERFACE_FAILED: return .connection
    case CURLE_PROXY: return .proxy
    // The codes for an endless header line, of libcurl 7 and 8.
    case CURLE_OUT_OF_MEMORY, tooLarge: return .tooLarge
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
      return .tls
    case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_FAILED_INIT, CURLE_SSL_CACERT_BADFILE:
      return .unusable
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_UNSUPPORTED_PROTOCOL: return .malformed
    default: return .broken
    }
  }

  /// libcurl's own words where they speak of the network; they never hold what we sent.
  private static func message(
    _ kind: TransferFailure.Kind, _ code: CURLcode, _ handle: CurlHandle, _ configuration: Configuration
  ) -> String {
    switch kind {
    case .tooLarge:
      return
        "the reply is larger than max_body_bytes (\(configuration.limits.bodyBytes)) or its headers larger than \(CurlHandle.maximumHeaderBytes) bytes"
    case .connection where code == CURLE_OPERATION_TIMEDOUT:
      return "no connection within \(configuration.connectTimeout) ms"
    case .malformed: return "the answer is not HTTP (\(general(code)))"
    case .unusable: return general(code)
    case .redirect where handle.hasRefusedAddress: return "a redirect to a private address was refused"
    case .broken where code == CURLE_ABORTED_BY_CALLBACK: return "the connection died before a reply came"
    default: return handle.errorText.isEmpty ? general(code) : handle.errorText
    }
  }

  private static func general(_ code: CURLcode) -> String { String(cString: curl_easy_strerror(code)) }

  /// Error 65, and 42 from `mayBegin`, are libcurl's wish to send the request again after a reused connection
  /// died: it was sent.
  private static func delivery(_ code: CURLcode, _ handle: CurlHandle) -> Delivery {
    switch code {
    case CURLE_SEND_FAIL_REWIND, CURLE_ABORTED_BY_CALLBACK: return .maybeSent
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR,
      CURLE_PEER_FAILED_VERIFICATION:
      return .notSent
    default: return handle.delivery
    }
  }
}
