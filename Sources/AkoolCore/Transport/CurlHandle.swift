internal import CCurl
internal import CLinux
internal import Glibc

/// One easy handle with the buffers of the transfer it carries. Handles are pooled and used again.
final class CurlHandle: Transfer {
  let easy: UnsafeMutableRawPointer
  private let settings: CurlSettings
  private let sockets: TransportSockets
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private var headerList: CurlList?
  private var listedHeaders: [HTTPHeader] = []
  private var listHasBody = false
  private var addressList: CurlList?
  private var connectTimeout: Int64
  private var requestBody: [UInt8] = []
  private var requestOffset = 0
  private var hasBegun = false
  private(set) var received: ReceivedResponse
  private var isRepeatable = false
  private var refusesPrivateAddresses = false
  private(set) var hasRefusedAddress = false
  /// True after an address of another machine, where credentials go without TLS.
  private(set) var hasRefusedToLeave = false
  /// The error number of a socket that could not be made, or 0.
  private(set) var socketFailure: Int32 = 0
  /// True if the watchdog broke the connection.
  var wasBroken = false
  private var speedMark: (bytes: Int, at: Instant)?
  /// Sockets whose connection is not ready for a request yet.
  private var shaking: [Int32] = []

  weak var owner: CurlTransport?
  var completion: ((TransferOutcome) -> Void)?
  /// The hosts whose addresses the transfer uses.
  var hosts: [KnownHost] = []
  /// The addresses that libcurl takes over when the transfer begins.
  var loads: [(host: KnownHost, version: Int)] = []
  /// The transfer's number, and its place among those that run.
  var number: UInt64 = 0
  var position: Int?

  /// Makes a handle with the settings of a client.
  init(_ settings: CurlSettings, _ sockets: TransportSockets) throws(TransferFailure) {
    guard let easy = curl_easy_init() else { throw CurlFailure.unprepared(CURLE_OUT_OF_MEMORY) }
    self.easy = easy
    self.settings = settings
    self.sockets = sockets
    connectTimeout = settings.configuration.connectTimeout
    received = ReceivedResponse(maximumBodyBytes: settings.configuration.limits.bodyBytes)
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.pointee = 0
    var options = CurlOptions(easy)
    settings.apply(to: &options)
    if !settings.fixedAddresses.isEmpty { setAddresses([], &options) }
    installCallbacks(&options)
    guard options.code == CURLE_OK else { throw CurlFailure.unprepared(options.code) }
  }

  deinit {
    curl_easy_cleanup(easy)
    errorBuffer.deallocate()
  }

  /// The sockets outlive this handle, as connections do.
  private func installCallbacks(_ options: inout CurlOptions) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    options.set(CURLOPT_PRIVATE, pointer: context)
    options.set(CURLOPT_ERRORBUFFER, pointer: errorBuffer)
    options.set(CURLOPT_WRITEDATA, pointer: context)
    options.set(CURLOPT_WRITEFUNCTION, receiveBody)
    options.set(CURLOPT_HEADERDATA, pointer: context)
    options.set(CURLOPT_HEADERFUNCTION, receiveHeader)
    options.set(CURLOPT_READDATA, pointer: context)
    options.set(CURLOPT_READFUNCTION, sendBody)
    options.set(CURLOPT_PREREQDATA, pointer: context)
    options.note(akool_curl_set_prereq_callback(easy, beginRequest))
    options.set(CURLOPT_OPENSOCKETDATA, pointer: context)
    options.note(akool_curl_set_opensocket_callback(easy, openSocket))
    options.set(CURLOPT_CLOSESOCKETDATA, pointer: Unmanaged.passUnretained(sockets).toOpaque())
    options.note(akool_curl_set_closesocket_callback(easy, closeSocket))
  }

  // MARK: The request

  /// Sets up a request with addresses that libcurl does not have yet.
  func prepare(
    _ request: HTTPRequest, addresses: [String], connectTimeout timeout: Int64
  ) throws(TransferFailure) {
    reset(request)
    var options = CurlOptions(easy)
    setHeaders(request, &options)
    setMethod(request, &options)
    options.set(CURLOPT_URL, request.url)
    if !addresses.isEmpty { setAddresses(addresses, &options) }
    if timeout != connectTimeout {
      connectTimeout = timeout
      options.set(CURLOPT_CONNECTTIMEOUT_MS, Int(timeout))
    }
    guard options.code == CURLE_OK else { throw CurlFailure.unprepared(options.code) }
  }

  private func reset(_ request: HTTPRequest) {
    errorBuffer.pointee = 0
    received.reset()
    isRepeatable = request.isRepeatable
    refusesPrivateAddresses = request.refusesPrivateAddresses
    hasRefusedAddress = false
    hasRefusedToLeave = false
    socketFailure = 0
    wasBroken = false
    speedMark = nil
    requestOffset = 0
    hasBegun = false
  }

  /// Frees the bodies before the handle waits for another transfer.
  func forget() {
    received = ReceivedResponse(maximumBodyBytes: settings.configuration.limits.bodyBytes)
    requestBody = []
  }

  /// Requests of one client mostly have the same headers, and the list of the last one serves again.
  private func setHeaders(_ request: HTTPRequest, _ options: inout CurlOptions) {
    let hasBody = request.body != nil
    if headerList != nil, listedHeaders == request.headers, listHasBody == hasBody { return }
    listedHeaders = request.headers
    listHasBody = hasBody
    let list = CurlList()
    for header in request.headers { list.append(Self.line(header)) }
    // libcurl would ask for 100 Continue before a body it cannot rewind.
    if hasBody { list.append("Expect:") }
    options.set(CURLOPT_HTTPHEADER, list)
    headerList = list
  }

  /// libcurl removes a header that has a colon and no value, and sends one that has a semicolon instead.
  private static func line(_ header: HTTPHeader) -> String {
    let isBlank = header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    return isBlank ? header.name + ";" : header.name + ": " + header.value
  }

  private func setMethod(_ request: HTTPRequest, _ options: inout CurlOptions) {
    let standard: String
    requestBody = []
    if request.isHead {
      // Resets what an earlier request left, and knows that no body follows the headers.
      options.set(CURLOPT_HTTPGET, 1)
      options.set(CURLOPT_NOBODY, 1)
      standard = "HEAD"
    } else if let body = request.body {
      requestBody = body
      // Always through the read callback and never rewindable: libcurl must not repeat a request on its
      // own when a reused connection turns out dead after the server has handled it.
      options.set(CURLOPT_POST, 1)
      options.set(CURLOPT_POSTFIELDS, pointer: nil)
      options.note(akool_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
      standard = "POST"
    } else {
      options.set(CURLOPT_HTTPGET, 1)
      standard = "GET"
    }
    options.set(CURLOPT_CUSTOMREQUEST, request.method == standard ? nil : request.method)
  }

  /// libcurl reads the list once, when the next transfer begins.
  private func setAddresses(_ addresses: [String], _ options: inout CurlOptions) {
    let list = CurlList(settings.fixedAddresses + addresses)
    options.set(CURLOPT_RESOLVE, list)
    addressList = list
  }

  // MARK: Callbacks

  /// Once for each request. When a reused connection dies before a reply came, libcurl would send the request
  /// again by itself: unseen by the budget, the trace and the limit of attempts.
  func mayBegin() -> Bool {
    finishHandshakes()
    defer { hasBegun = true }
    return !hasBegun
  }

  /// Stops counting the connections as new, once the request goes out or the attempt has ended.
  func finishHandshakes() {
    for descriptor in shaking { sockets.finishHandshake(descriptor) }
    shaking.removeAll()
  }

  /// Makes a socket, or returns -1. An address that a proxy resolves is not seen here.
  func connect(to address: curl_sockaddr) -> Int32 {
    if refusesPrivateAddresses, settings.configuration.network.proxy.isEmpty,
      withUnsafePointer(to: address.addr, { PrivateAddress.isPrivate($0) })
    {
      hasRefusedAddress = true
      return -1
    }
    if settings.staysHere, isPlain, !withUnsafePointer(to: address.addr, { PrivateAddress.isLoopback($0) }) {
      hasRefusedToLeave = true
      return -1
    }
    let descriptor = akool_socket(address.family, address.socktype, address.`protocol`)
    guard descriptor >= 0 else {
      socketFailure = akool_errno()
      return -1
    }
    sockets.didOpen(descriptor)
    shaking.append(descriptor)
    limitUnacknowledged(descriptor)
    return descriptor
  }

  /// True for a URL without TLS.
  private var isPlain: Bool {
    var url: UnsafePointer<CChar>?
    guard akool_curl_get_string(easy, CURLINFO_EFFECTIVE_URL, &url) == CURLE_OK, let url else { return true }
    return strncmp(url, "http:", 5) == 0
  }

  private func limitUnacknowledged(_ descriptor: Int32) {
    var milliseconds = UInt32(clamping: settings.configuration.network.tcpUserTimeout)
    guard milliseconds > 0 else { return }
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
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

  func append(body bytes: UnsafeRawBufferPointer) -> Bool {
    received.append(
      body: bytes, announced: offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T), onWire: offset(CURLINFO_SIZE_DOWNLOAD_T))
  }

  func append(headerLine bytes: UnsafeRawBufferPointer) -> Bool { received.append(headerLine: bytes) }

  // MARK: The outcome

  /// Whether a reply that has begun has come too slowly for too long. To be asked every second or so.
  func isTooSlow(_ limit: SlownessLimit, _ now: Instant) -> Bool {
    guard isRepeatable, received.headerBytes > 0 else { return false }
    let count = received.byteCount
    guard let mark = speedMark, Int64(count - mark.bytes) * 1000 < limit.bytesPerSecond * limit.milliseconds else {
      speedMark = (count, now)
      return false
    }
    return now >= mark.at.adding(milliseconds: limit.milliseconds)
  }

  func cancel() -> Delivery { owner?.cancel(self) ?? .maybeSent }

  var errorText: String { String(cString: errorBuffer) }
}
