internal import CCurl
internal import CLinux
internal import Glibc

/// Carries requests over libcurl's multi interface, driven by the event loop once a turn.
///
/// With at most 64 transfers per host `curl_multi_perform` costs less than `curl_multi_socket_action` with an
/// epoll beside it: `make bench` has a row for each in C.
final class CurlTransport: Transport {
  let isSimulated = false
  private(set) var statistics = TransportStatistics()

  private let loop: EventLoop
  private let configuration: Configuration
  private let settings: CurlSettings
  private let multi: UnsafeMutableRawPointer
  private let sleeper: CurlSleeper
  private var idle: [CurlHandle] = []
  private var running: [ObjectIdentifier: CurlHandle] = [:]
  private var isShutDown = false
  /// The connections that have carried a whole transfer.
  private var established: Set<Int32> = []
  private var multiplexes = false
  private var slownessTimer: LoopTimer?

  init(_ configuration: Configuration, _ loop: EventLoop) throws(AkoolError) {
    try CurlLibrary.prepare()
    guard let multi = curl_multi_init() else { throw AkoolError(.localIO, "libcurl cannot make a multi handle") }
    self.multi = multi
    self.loop = loop
    self.configuration = configuration
    settings = CurlSettings(configuration)
    _ = akool_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.limits.inFlightPerHost + 16)
    sleeper = CurlSleeper(multi)
    loop.use(sleeper)
  }

  func start(_ request: HTTPRequest, completion: @escaping (TransferOutcome) -> Void) -> any Transfer {
    if loop.onDrive == nil, !isShutDown { loop.onDrive = { [unowned self] in drive() } }
    guard !isShutDown, let handle = takeHandle(), handle.prepare(request) else {
      return refuse("libcurl does not take the request", completion)
    }
    handle.completion = completion
    guard curl_multi_add_handle(multi, handle.easy) == CURLM_OK else {
      return refuse("libcurl cannot start another transfer", completion)
    }
    running[ObjectIdentifier(handle)] = handle
    watchForSlowness()
    return handle
  }

  private func refuse(_ reason: String, _ completion: @escaping (TransferOutcome) -> Void) -> any Transfer {
    let refused = RefusedTransfer()
    loop.schedule(afterMilliseconds: 0) {
      if !refused.isCancelled { completion(.failure(TransferFailure(.unusable, reason, delivery: .notSent))) }
    }
    return refused
  }

  private func takeHandle() -> CurlHandle? {
    if let handle = idle.popLast() { return handle }
    let handle = CurlHandle(settings, configuration, socketContext: Unmanaged.passUnretained(self).toOpaque())
    handle?.owner = self
    return handle
  }

  func cancel(_ handle: CurlHandle) -> Delivery {
    guard running.removeValue(forKey: ObjectIdentifier(handle)) != nil else { return .maybeSent }
    let delivery = handle.delivery
    handle.completion = nil
    curl_multi_remove_handle(multi, handle.easy)
    return delivery
  }

  func shutDown() {
    isShutDown = true
    if let slownessTimer { loop.cancel(slownessTimer) }
    for handle in running.values { curl_multi_remove_handle(multi, handle.easy) }
    running = [:]
    idle = []
    sleeper.retire()
    curl_multi_cleanup(multi)
    loop.onDrive = nil
  }

  // MARK: Driving libcurl

  private func drive() {
    guard !running.isEmpty else { return }
    var count: Int32 = 0
    curl_multi_perform(multi, &count)
    finishTransfers()
  }

  private func finishTransfers() {
    var left: Int32 = 0
    while !isShutDown, let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = handle(of: message.pointee.easy_handle) else { continue }
      finish(handle, akool_curl_message_result(message))
    }
  }

  private func handle(of easy: UnsafeMutableRawPointer?) -> CurlHandle? {
    var context: UnsafeMutableRawPointer?
    guard let easy, akool_curl_get_pointer(easy, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else {
      return nil
    }
    return Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  }

  private func finish(_ handle: CurlHandle, _ code: CURLcode) {
    if code == CURLE_OK { noteConnection(of: handle) }
    end(
      handle,
      code == CURLE_OK ? .response(handle.response) : .failure(CurlFailure.describe(code, handle, configuration)))
  }

  private func end(_ handle: CurlHandle, _ outcome: TransferOutcome) {
    running[ObjectIdentifier(handle)] = nil
    statistics.count(handle)
    let completion = handle.completion
    handle.completion = nil
    curl_multi_remove_handle(multi, handle.easy)
    if case .response = outcome { putBack(handle) }
    completion?(outcome)
  }

  /// Keeps a handle for another transfer. Only after a complete response: an easy handle that lost a POST answers
  /// every later transfer with CURLE_SEND_FAIL_REWIND.
  private func putBack(_ handle: CurlHandle) {
    if CurlLibrary.canReuseHandles, idle.count < configuration.limits.inFlightPerHost { idle.append(handle) }
  }

  // MARK: Replies that trickle

  /// One timer a second for all transfers, and none while nothing runs.
  private func watchForSlowness() {
    guard slownessTimer == nil, configuration.network.slowness.bytesPerSecond > 0 else { return }
    slownessTimer = loop.schedule(afterMilliseconds: 1_000) { [unowned self] in
      slownessTimer = nil
      endSlowTransfers()
      if !running.isEmpty { watchForSlowness() }
    }
  }

  private func endSlowTransfers() {
    let (limit, now) = (configuration.network.slowness, loop.now)
    for handle in Array(running.values) where handle.isTooSlow(limit, now) {
      let pace = "fewer than \(limit.bytesPerSecond) bytes a second for \(limit.milliseconds) ms"
      end(handle, .failure(TransferFailure(.silence, "the reply came with \(pace)", delivery: .maybeSent)))
    }
  }

  // MARK: Sockets

  /// A connection that has to be made first costs a handshake's work on the I/O thread, and many at once would
  /// hold it up: so there are a few new ones at a time.
  var readyConnections: Int { multiplexes ? .max : established.count }

  private func noteConnection(of handle: CurlHandle) {
    multiplexes = handle.usesHTTP2
    if established.count < configuration.limits.inFlightPerHost, let socket = handle.socket {
      established.insert(socket)
    }
  }

  func didOpen(_ descriptor: Int32) {
    statistics.openConnections += 1
    var milliseconds = UInt32(clamping: configuration.network.tcpUserTimeout)
    guard milliseconds > 0 else { return }
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
  }

  func willClose(_ descriptor: Int32) {
    statistics.openConnections -= 1
    established.remove(descriptor)
  }
}

/// A transfer that never started.
private final class RefusedTransfer: Transfer {
  private(set) var isCancelled = false
  func cancel() -> Delivery {
    isCancelled = true
    return .notSent
  }
}
