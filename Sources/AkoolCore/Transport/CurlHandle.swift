internal import CCurl
internal import CLinux
internal import Glibc

/// One easy handle with the buffers of the transfer it carries. Handles are pooled and used again.
final class CurlHandle: Transfer {
  /// A response's header lines together are never longer; endless ones end here.
  static let maximumHeaderBytes = 65_536
  /// A server that announces more than it sends takes no more memory than this.
  private static let maximumReserve: Int64 = 1_048_576

  let easy: UnsafeMutableRawPointer
  private let maximumBodyBytes: Int64
  private let usesProxy: Bool
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var listedHeaders: [HTTPHeader] = []
  private var listHasBody = false
  private var resolveList: UnsafeMutablePointer<curl_slist>?
  private var requestBody: [UInt8] = []
  private var requestOffset = 0
  private var hasBegun = false
  private var responseBody: [UInt8] = []
  private var headers: [HTTPHeader] = []
  private var headerBytes = 0
  private(set) var isTooLarge = false
  private var isRepeatable = false
  private var refusesPrivateAddresses = false
  private(set) var hasRefusedAddress = false
  private var speedMark: (bytes: Int, at: Instant)?

  weak var owner: CurlTransport?
  var completion: ((TransferOutcome) -> Void)?

  init?(_ settings: CurlSettings, _ configuration: Configuration, socketContext: UnsafeMutableRawPointer) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    maximumBodyBytes = configuration.limits.bodyBytes
    usesProxy = !configuration.network.proxy.isEmpty
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    settings.apply(to: easy)
    for entry in configuration.network.resolve { resolveList = curl_slist_append(resolveList, entry) ?? resolveList }
    _ = akool_curl_set_list(easy, CURLOPT_RESOLVE, resolveList)
    installCallbacks(socketContext)
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headerList)
    curl_slist_free_all(resolveList)
    errorBuffer.deallocate()
  }

  /// `socketContext` outlives this handle, as connections do.
  private func installCallbacks(_ socketContext: UnsafeMutableRawPointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = akool_curl_set_pointer(easy, CURLOPT_PRIVATE, context)
    _ = akool_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorBuffer)
    _ = akool_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    _ = akool_curl_set_bytes_callback(easy, CURLOPT_WRITEFUNCTION, receiveBody)
    _ = akool_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    _ = akool_curl_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION, receiveHeader)
    _ = akool_curl_set_pointer(easy, CURLOPT_READDATA, context)
    _ = akool_curl_set_bytes_callback(easy, CURLOPT_READFUNCTION, sendBody)
    _ = akool_curl_set_pointer(easy, CURLOPT_PREREQDATA, context)
    _ = akool_curl_set_prereq_callback(easy, beginRequest)
    _ = akool_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
    _ = akool_curl_set_opensocket_callback(easy, openSocket)
    _ = akool_curl_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, socketContext)
    _ = akool_curl_set_closesocket_callback(easy, closeSocket)
  }

  // MARK: The request

  /// Sets up a request; false when libcurl does not take its URL.
  func prepare(_ request: HTTPRequest) -> Bool {
    errorBuffer.pointee = 0
    responseBody = []
    // With what Swift adds it stays below the size that malloc keeps at hand for each thread.
    responseBody.reserveCapacity(512)
    headers = []
    headers.reserveCapacity(4)
    headerBytes = 0
    isTooLarge = false
    isRepeatable = request.isRepeatable
    refusesPrivateAddresses = request.refusesPrivateAddresses
    hasRefusedAddress = false
    speedMark = nil
    requestOffset = 0
    hasBegun = false
    setHeaders(request)
    setBody(request)
    return akool_curl_set_string(easy, CURLOPT_URL, request.url) == CURLE_OK
  }

  /// Requests of one client mostly have the same headers, and the list of the last one serves again.
  private func setHeaders(_ request: HTTPRequest) {
    let hasBody = request.body != nil
    if headerList != nil, listedHeaders == request.headers, listHasBody == hasBody { return }
    listedHeaders = request.headers
    listHasBody = hasBody
    curl_slist_free_all(headerList)
    headerList = nil
    for header in request.headers {
      headerList = curl_slist_append(headerList, header.name + ": " + header.value) ?? headerList
    }
    // libcurl would ask for 100 Continue before a body it cannot rewind.
    if hasBody { headerList = curl_slist_append(headerList, "Expect:") ?? headerList }
    _ = akool_curl_set_list(easy, CURLOPT_HTTPHEADER, headerList)
  }

  private func setBody(_ request: HTTPRequest) {
    requestBody = request.body ?? []
    if request.body == nil {
      _ = akool_curl_set_long(easy, CURLOPT_HTTPGET, 1)
    } else {
      // Always through the read callback and never rewindable: libcurl must not repeat a request on its
      // own when a reused connection turns out dead after the server has handled it.
      _ = akool_curl_set_long(easy, CURLOPT_POST, 1)
      _ = akool_curl_set_pointer(easy, CURLOPT_POSTFIELDS, nil)
      _ = akool_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(requestBody.count))
    }
    let isPlain = request.method == (request.body == nil ? "GET" : "POST")
    _ = akool_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, isPlain ? nil : request.method)
  }

  /// Once for each request. When a reused connection dies before a reply came, libcurl would send the request
  /// again by itself: unseen by the budget, the trace and the limit of attempts.
  func mayBegin() -> Bool {
    defer { hasBegun = true }
    return !hasBegun
  }

  /// Whether to connect to an address. One that a proxy resolves is not seen here.
  func mayConnect(to address: UnsafePointer<sockaddr>) -> Bool {
    guard refusesPrivateAddresses, !usesProxy, PrivateAddress.isPrivate(address) else { return true }
    hasRefusedAddress = true
    return false
  }

  func read(into target: UnsafeMutableRawPointer, capacity: Int) -> Int {
    let count = min(capacity, requestBody.count - requestOffset)
    guard count > 0 else { return 0 }
    requestBody.withUnsafeBytes { source in
      target.copyMemory(from: UnsafeRawPointer(source.baseAddress.unsafelyUnwrapped + requestOffset), byteCount: count)
    }
    requestOffset += count
    return count
  }

  // MARK: The response

  func append(body bytes: UnsafeRawBufferPointer) -> Bool {
    guard Int64(responseBody.count + bytes.count) <= maximumBodyBytes else {
      isTooLarge = true
      return false
    }
    if responseBody.isEmpty { reserveBody(beyond: bytes.count) }
    responseBody.append(contentsOf: bytes)
    return true
  }

  /// A body that comes in several parts gets its memory at once: growing to it would take up to three times as much.
  private func reserveBody(beyond firstPart: Int) {
    let announced = min(offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T), maximumBodyBytes, Self.maximumReserve)
    if announced > Int64(firstPart) { responseBody.reserveCapacity(Int(announced)) }
  }

  func append(headerLine bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Self.maximumHeaderBytes else {
      isTooLarge = true
      return false
    }
    // A status line: no header's name begins with "HTTP/".
    if bytes.count > 4, bytes[0] == UInt8(ascii: "H"), bytes[4] == UInt8(ascii: "/") {
      headers.removeAll(keepingCapacity: true)
    }
    if let header = HeaderLine.parse(bytes) { headers.append(header) }
    return true
  }

  /// Whether a reply that has begun has come too slowly for too long. To be asked every second or so.
  func isTooSlow(_ limit: SlownessLimit, _ now: Instant) -> Bool {
    guard isRepeatable, headerBytes > 0 else { return false }
    let received = headerBytes + responseBody.count
    guard let mark = speedMark, Int64(received - mark.bytes) * 1000 < limit.bytesPerSecond * limit.milliseconds else {
      speedMark = (received, now)
      return false
    }
    return now >= mark.at.adding(milliseconds: limit.milliseconds)
  }

  var response: HTTPResponse {
    HTTPResponse(status: long(CURLINFO_RESPONSE_CODE), headers: headers, body: responseBody)
  }

  var usesHTTP2: Bool { long(CURLINFO_HTTP_VERSION) == Int(CURL_HTTP_VERSION_2_0) }

  /// The connection that carried the transfer, if it was kept.
  var socket: Int32? {
    var descriptor: curl_socket_t = -1
    let code = akool_curl_get_socket(easy, &descriptor)
    return code == CURLE_OK && descriptor >= 0 ? descriptor : nil
  }

  // MARK: The outcome

  /// libcurl has sent something, or was about to: the server may have the request.
  var delivery: Delivery {
    var started: curl_off_t = 0
    _ = akool_curl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &started)
    return started == 0 && long(CURLINFO_REQUEST_SIZE) == 0 ? .notSent : .maybeSent
  }

  /// Whether a proxy answered CONNECT with something else than success.
  var isRefusedByProxy: Bool {
    let status = long(CURLINFO_HTTP_CONNECTCODE)
    return status != 0 && !(200..<300).contains(status)
  }

  var errorText: String { String(cString: errorBuffer) }

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

  func cancel() -> Delivery { owner?.cancel(self) ?? .maybeSent }
}
