internal import CCurl

/// Carries requests over libcurl's multi interface, driven by the event loop once a turn.
///
/// With at most 64 transfers per host `curl_multi_perform` costs less than `curl_multi_socket_action` with an
/// epoll beside it: `make bench` has a row for each in C.
final class CurlTransport: Transport {
  let isSimulated = false
  var onReadyConnection: (() -> Void)?
  let book: AddressBook

  private let loop: EventLoop
  private let configuration: Configuration
  private let settings: CurlSettings
  private let multi: CurlMulti
  private let watchdog: Watchdog
  private var statistics = TransportStatistics()
  private var idle: [CurlHandle] = []
  private var running = RunningTransfers()
  /// Transfers that began since libcurl worked last, and bring addresses with them.
  private var loading: [CurlHandle] = []
  private var isShutDown = false
  private var isWorking = false
  private var isWatched = false
  private var multiplexes = false
  private var slownessTimer: LoopTimer?

  init(_ configuration: Configuration, _ loop: EventLoop) throws(AkoolError) {
    try CurlLibrary.prepare()
    multi = try CurlMulti(maximumConnections: configuration.limits.inFlightPerHost + 16)
    self.loop = loop
    self.configuration = configuration
    settings = CurlSettings(configuration)
    book = AddressBook(configuration.network, loop, .shared)
    watchdog = .shared
    loop.use(CurlSleeper(multi))
  }

  // MARK: Starting

  func start(_ request: HTTPRequest, completion: @escaping (TransferOutcome) -> Void) -> any Transfer {
    if isShutDown {
      return refuse(TransferFailure(.unusable, "the client is being destroyed", delivery: .notSent), completion)
    }
    if loop.onDrive == nil { loop.onDrive = { [unowned self] in drive() } }
    do throws(TransferFailure) {
      let hosts = try route(request)
      guard let missing = try book.firstMissing(hosts) else {
        return try begin(request, hosts, connectTimeout: configuration.connectTimeout, completion)
      }
      return wait(for: missing, hosts, request, completion)
    } catch {
      return refuse(error, completion)
    }
  }

  private func route(_ request: HTTPRequest) throws(TransferFailure) -> [KnownHost] {
    do throws(CurlURL.Fault) { return try book.route(request.url) } catch {
      if error == .outOfMemory { throw CurlFailure.unprepared(CURLE_OUT_OF_MEMORY) }
      throw TransferFailure(.unusable, "libcurl does not take the URL", delivery: .notSent)
    }
  }

  private func wait(
    for host: KnownHost, _ hosts: [KnownHost], _ request: HTTPRequest,
    _ completion: @escaping (TransferOutcome) -> Void
  ) -> any Transfer {
    let pending = PendingTransfer(
      request, hosts, timeout: configuration.connectTimeout, self, loop, completion: completion)
    pending.wait(for: host)
    return pending
  }

  /// Hands a request to libcurl; the addresses of its hosts are known.
  func begin(
    _ request: HTTPRequest, _ hosts: [KnownHost], connectTimeout: Int64,
    _ completion: @escaping (TransferOutcome) -> Void
  ) throws(TransferFailure) -> CurlHandle {
    if isShutDown { throw TransferFailure(.unusable, "the client is being destroyed", delivery: .notSent) }
    let handle = try takeHandle()
    let (texts, loads) = book.entries(for: hosts)
    try handle.prepare(request, addresses: texts, connectTimeout: connectTimeout)
    guard let multi = multi.handle, curl_multi_add_handle(multi, handle.easy) == CURLM_OK else {
      throw TransferFailure(.local, "libcurl cannot start another transfer", delivery: .notSent)
    }
    handle.completion = completion
    handle.hosts = hosts
    handle.loads = loads
    if !loads.isEmpty { loading.append(handle) }
    if running.isEmpty { becomeActive() }
    running.add(handle)
    watchForSlowness()
    return handle
  }

  private func takeHandle() throws(TransferFailure) -> CurlHandle {
    if let handle = idle.popLast() { return handle }
    let handle = try CurlHandle(settings, multi.sockets)
    handle.owner = self
    return handle
  }

  private func refuse(
    _ failure: TransferFailure, _ completion: @escaping (TransferOutcome) -> Void
  ) -> any Transfer {
    let refused = RefusedTransfer()
    loop.schedule(afterMilliseconds: 0) { if !refused.isCancelled { completion(.failure(failure)) } }
    return refused
  }

  private func becomeActive() {
    let sockets = multi.sockets
    sockets.isActive = true
    if isWatched { watchdog.wakeIfAsleep() } else { isWatched = watchdog.watch(sockets) }
  }

  // MARK: Driving libcurl

  /// Runs code that enters libcurl, under the watchdog's time limit.
  private func working(_ body: () -> Void) {
    if isWorking { return body() }
    isWorking = true
    multi.sockets.beginWork()
    body()
    multi.sockets.endWork()
    isWorking = false
  }

  private func drive() {
    guard !running.isEmpty, let handle = multi.handle else { return }
    working {
      var count: Int32 = 0
      let code = curl_multi_perform(handle, &count)
      noteLoads()
      if multi.sockets.takeBroken() { for transfer in running.inOrder { transfer.wasBroken = true } }
      if multi.sockets.takeFinishedHandshakes() { onReadyConnection?() }
      finishTransfers(handle)
      if code != CURLM_OK { endAll(code) }
    }
  }

  /// libcurl has taken the addresses of all transfers that it has begun.
  private func noteLoads() {
    for handle in loading { for (host, version) in handle.loads { host.didLoad(version) } }
    loading.removeAll()
  }

  private func finishTransfers(_ multi: UnsafeMutableRawPointer) {
    var left: Int32 = 0
    while !isShutDown, let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = handle(of: message.pointee.easy_handle) else { continue }
      finish(handle, akool_curl_message_result(message))
    }
  }

  private func handle(of easy: UnsafeMutableRawPointer?) -> CurlHandle? {
    var context: UnsafeMutableRawPointer?
    guard let easy, akool_curl_get_pointer(easy, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else {
      return running.find(easy)
    }
    return Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  }

  /// Ends all transfers with a failure: without memory libcurl reports nothing more about them.
  private func endAll(_ code: CURLMcode) {
    let failure = TransferFailure(.local, String(cString: curl_multi_strerror(code)), delivery: .maybeSent)
    for handle in running.inOrder { end(handle, .failure(failure)) }
  }

  // MARK: Ending

  private func finish(_ handle: CurlHandle, _ code: CURLcode) {
    guard code != CURLE_OK else {
      multiplexes = handle.usesHTTP2
      return end(handle, .response(handle.response))
    }
    let failure = CurlFailure.describe(code, handle, configuration)
    if failure.kind == .connection { for host in handle.hosts { host.distrust() } }
    end(handle, .failure(failure))
  }

  private func end(_ handle: CurlHandle, _ outcome: TransferOutcome) {
    guard running.remove(handle) else { return }
    statistics.count(handle)
    let completion = handle.completion
    remove(handle)
    if case .response = outcome { putBack(handle) }
    completion?(outcome)
  }

  func cancel(_ handle: CurlHandle) -> Delivery {
    guard running.remove(handle) else { return .maybeSent }
    let delivery = handle.delivery
    remove(handle)
    return delivery
  }

  private func remove(_ handle: CurlHandle) {
    handle.completion = nil
    handle.hosts = []
    handle.loads = []
    if let multi = multi.handle { working { curl_multi_remove_handle(multi, handle.easy) } }
    handle.finishHandshakes()
    if running.isEmpty { multi.sockets.isActive = false }
  }

  /// Keeps a handle for another transfer. Only after a complete response: an easy handle that lost a POST answers
  /// every later transfer with CURLE_SEND_FAIL_REWIND.
  private func putBack(_ handle: CurlHandle) {
    guard CurlLibrary.canReuseHandles, idle.count < configuration.limits.inFlightPerHost else { return }
    handle.forget()
    idle.append(handle)
  }

  func shutDown() {
    guard !isShutDown else { return }
    isShutDown = true
    if let slownessTimer { loop.cancel(slownessTimer) }
    book.shutDown()
    for handle in running.inOrder where running.remove(handle) { remove(handle) }
    loading = []
    idle = []
    working { multi.close() }
    watchdog.forget(multi.sockets)
    loop.onDrive = nil
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
    for handle in running.inOrder where handle.isTooSlow(limit, now) {
      let pace = "fewer than \(limit.bytesPerSecond) bytes a second for \(limit.milliseconds) ms"
      end(handle, .failure(TransferFailure(.silence, "the reply came with \(pace)", delivery: .maybeSent)))
    }
  }

  // MARK: Figures

  /// A connection that has to be made first costs a handshake's work on the I/O thread, and many at once would
  /// hold it up: so a few shake hands at a time.
  var readyConnections: Int { multiplexes ? .max : multi.sockets.readyCount }

  /// The figures of `client.stats`.
  var figures: JSON { statistics.json(openConnections: multi.sockets.openCount) }
}

/// A transfer that never started.
private final class RefusedTransfer: Transfer {
  private(set) var isCancelled = false
  func cancel() -> Delivery {
    isCancelled = true
    return .notSent
  }
}
