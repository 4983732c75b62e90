internal import CCurl
internal import Glibc

/// Turns libcurl's codes into failures that callers act on.
enum CurlFailure {
  /// CURLE_TOO_LARGE of libcurl 8.6 and newer.
  private static let tooLarge = CURLcode(rawValue: 100)

  static func describe(_ code: CURLcode, _ handle: CurlHandle, _ configuration: Configuration) -> TransferFailure {
    let kind = kind(of: code, handle)
    let text = message(kind, code, handle, configuration)
    return TransferFailure(kind, ShortText.line(text), delivery: delivery(code, handle))
  }

  /// The failure of an option of libcurl: nothing was sent.
  static func unprepared(_ code: CURLcode) -> TransferFailure {
    let kind: TransferFailure.Kind = code == CURLE_BAD_FUNCTION_ARGUMENT ? .unusable : .local
    let text = code == CURLE_OUT_OF_MEMORY ? "out of memory" : "libcurl does not take a setting (\(general(code)))"
    return TransferFailure(kind, text, delivery: .notSent)
  }

  // MARK: The kind

  private static func kind(of code: CURLcode, _ handle: CurlHandle) -> TransferFailure.Kind {
    switch handle.received.refusal {
    case .tooLarge: return .tooLarge
    case .switchesProtocol, .inflated: return .malformed
    case nil: break
    }
    if handle.hasRefusedAddress { return .redirect }
    if handle.hasRefusedToLeave { return .unusable }
    if handle.isRefusedByProxy { return .proxy }
    if handle.wasBroken { return .broken }
    return kind(of: code) ?? doubtfulKind(of: code, handle)
  }

  /// Returns the kind of a code, or nil if it depends on the transfer.
  private static func kind(of code: CURLcode) -> TransferFailure.Kind? {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .nameResolution
    case CURLE_OPERATION_TIMEDOUT, CURLE_INTERFACE_FAILED: return .connection
    case CURLE_PROXY: return .proxy
    case tooLarge: return .tooLarge
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
      return .tls
    case CURLE_URL_MALFORMAT, CURLE_SSL_CACERT_BADFILE, CURLE_SETOPT_OPTION_SYNTAX, CURLE_NOT_BUILT_IN:
      return .unusable
    case CURLE_FAILED_INIT: return .local
    // libcurl 7.88 calls some malformed header lines a bad argument; ours were refused before the transfer.
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_BAD_FUNCTION_ARGUMENT: return .malformed
    default: return nil
    }
  }

  private static func doubtfulKind(of code: CURLcode, _ handle: CurlHandle) -> TransferFailure.Kind {
    switch code {
    case CURLE_COULDNT_CONNECT: return isExhausted(handle.socketFailure) ? .local : .connection
    case CURLE_OUT_OF_MEMORY: return isEndlessLine(handle) ? .tooLarge : .local
    case CURLE_UNSUPPORTED_PROTOCOL: return handle.delivery == .notSent ? .unusable : .malformed
    case CURLE_RECV_ERROR: return speaksOfChunks(handle.errorText) ? .malformed : .broken
    default: return .broken
    }
  }

  /// libcurl 7 says "out of memory" of a header line of more than 100 KB: the request is out, and the empty line behind
  /// the headers has not come.
  private static func isEndlessLine(_ handle: CurlHandle) -> Bool {
    handle.long(CURLINFO_REQUEST_SIZE) > 0 && !handle.received.isHeadComplete
  }

  private static func isExhausted(_ number: Int32) -> Bool { [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(number) }

  // MARK: The message

  /// libcurl's own words where they speak of the network; they never hold what we sent.
  private static func message(
    _ kind: TransferFailure.Kind, _ code: CURLcode, _ handle: CurlHandle, _ configuration: Configuration
  ) -> String {
    switch kind {
    case .tooLarge:
      return
        "the reply is larger than max_body_bytes (\(configuration.limits.bodyBytes)) or its headers larger than \(ReceivedResponse.maximumHeaderBytes) bytes"
    case .connection where code == CURLE_OPERATION_TIMEDOUT:
      return "no connection within \(configuration.connectTimeout) ms"
    case .malformed where handle.received.refusal == .switchesProtocol:
      return "the answer has status 101: the server switches to a protocol that was not asked for"
    case .malformed where handle.received.refusal == .inflated:
      return "the answer is compressed more than \(ReceivedResponse.mostInflation) times: a trap, not a reply"
    case .malformed: return "the answer is not HTTP (\(reason(code)))"
    case .unusable where handle.hasRefusedToLeave:
      return "http:// would send credentials in the clear to another machine, where the host's address leads"
    case .unusable: return general(code)
    case .local: return local(code, handle)
    case .redirect where handle.hasRefusedAddress: return "a redirect to a private address was refused"
    case .broken where handle.wasBroken:
      return "the connection was closed: libcurl worked on it for more than \(Watchdog.limitMilliseconds) ms"
    case .broken where code == CURLE_ABORTED_BY_CALLBACK: return "the connection died before a reply came"
    case .proxy where handle.isRefusedByProxy:
      return "the proxy answered CONNECT with status \(handle.long(CURLINFO_HTTP_CONNECTCODE))"
    default: return handle.errorText.isEmpty ? general(code) : handle.errorText
    }
  }

  private static func local(_ code: CURLcode, _ handle: CurlHandle) -> String {
    if handle.socketFailure != 0 { return "cannot open a socket: \(SystemError.describe(handle.socketFailure))" }
    return code == CURLE_OUT_OF_MEMORY ? "out of memory" : general(code)
  }

  /// Replaces libcurl's message for a bad argument, which would blame the caller.
  private static func reason(_ code: CURLcode) -> String {
    code == CURLE_BAD_FUNCTION_ARGUMENT ? "a malformed header line" : general(code)
  }

  private static func general(_ code: CURLcode) -> String { String(cString: curl_easy_strerror(code)) }

  // MARK: Delivery

  /// Error 65, and 42 from `mayBegin`, mean that libcurl would send the request again after a reused connection
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

  /// Returns true if the text names broken framing: libcurl has the same code for every failure to receive.
  private static func speaksOfChunks(_ text: String) -> Bool {
    ShortText.holds("chunked-encod", in: text)
  }
}
