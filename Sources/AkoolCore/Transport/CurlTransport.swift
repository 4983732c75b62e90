internal import CCurl
internal import CLinux
internal import Glibc

/// Carries requests over libcurl's multi interface, driven by the event loop's epoll.
///
/// `curl_multi_socket_action` and not `curl_multi_perform`: the latter asks the system about every running
/// transfer each time one of them moves.
final class CurlTransport: Transport {
  let isSimulated = false
  private(set) var statistics = TransportStatistics()

  private let loop: EventLoop
  private let configuration: Configuration
  private let settings: CurlSettings
  private let multi: UnsafeMutableRawPointer
  private var idle: [CurlHandle] = []
  private var running: [ObjectIdentifier: CurlHandle] = [:]
  private var timer: LoopTimer?
  private var wantedTimeout: Instant?
  private var isShutDown = false
  private var connections: [Int32: Connection] = [:]

  /// What epoll knows of a connection, and whether libcurl wants to hear of it.
  private struct Connection {
    var events: UInt32 = 0
    var isIdle = true
  }

  init(_ configuration: Configuration, _ loop: EventLoop) throws(AkoolError) {
    try CurlLibrary.prepare()
    guard let multi = curl_multi_init() else { throw AkoolError(.localIO, "libcurl cannot make a multi handle") }
    self.multi = multi
    self.loop = loop
    self.configuration = configuration
    settings = CurlSettings(configuration)
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = akool_curl_multi_set_socket_callback(multi, socketInterestChanged, context)
    _ = akool_curl_multi_set_timer_callback(multi, timeoutChanged, context)
    _ = akool_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.limits.inFlightPerHost + 16)
    loop.onReady = { [unowned self] descriptor, events in ready(descriptor, events) }
  }

  func start(_ request: HTTPRequest, completion: @escaping (TransferOutcome) -> Void) -> any Transfer {
    guard !isShutDown, let handle = takeHandle(), handle.prepare(request) else {
      return refuse("libcurl does not take the request", completion)
    }
    handle.completion = completion
    guard curl_multi_add_handle(multi, handle.easy) == CURLM_OK else {
      return refuse("libcurl cannot start another transfer", completion)
    }
    running[ObjectIdentifier(handle)] = handle
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
    putBack(handle)
    return delivery
  }

  func shutDown() {
    isShutDown = true
    for handle in running.values { curl_multi_remove_handle(multi, handle.easy) }
    running = [:]
    idle = []
    curl_multi_cleanup(multi)
    if let timer { loop.cancel(timer) }
    loop.onReady = nil
  }

  // MARK: Driving libcurl

  /// libcurl drops its interest in a connection after each transfer and takes it up with the next. A kept
  /// connection stays registered meanwhile: that saves two system calls a transfer.
  func watch(_ descriptor: Int32, _ action: Int32) {
    var events: UInt32 = 0
    if action != CURL_POLL_REMOVE {
      if action & CURL_POLL_IN != 0 { events |= EPOLLIN.rawValue }
      if action & CURL_POLL_OUT != 0 { events |= EPOLLOUT.rawValue }
    }
    guard var connection = connections[descriptor] else {
      // Not a socket that we opened: nobody tells us when it is closed.
      loop.watch(descriptor, events: events)
      return
    }
    connection.isIdle = events == 0
    if events != 0, connection.events != events {
      connection.events = events
      loop.watch(descriptor, events: events)
    }
    connections[descriptor] = connection
  }

  /// libcurl moves its time-out with nearly every step. A timer that fires too early asks again; so only an
  /// earlier time-out needs another timer.
  func setTimeout(_ milliseconds: Int) {
    wantedTimeout = milliseconds < 0 ? nil : loop.now.adding(milliseconds: Int64(milliseconds))
    if let wantedTimeout { armTimer(wantedTimeout) }
  }

  private func armTimer(_ deadline: Instant) {
    if let timer {
      if timer.deadline <= deadline { return }
      loop.cancel(timer)
    }
    timer = loop.schedule(at: deadline) { [unowned self] in timerFired() }
  }

  private func timerFired() {
    timer = nil
    guard let wantedTimeout else { return }
    if wantedTimeout > .now {
      armTimer(wantedTimeout)
    } else {
      self.wantedTimeout = nil
      drive(CURL_SOCKET_TIMEOUT, 0)
    }
  }

  private func ready(_ descriptor: Int32, _ events: UInt32) {
    if connections[descriptor]?.isIdle == true {
      // The server has closed an idle connection, or talks out of turn; libcurl finds out with the next use.
      connections[descriptor]?.events = 0
      loop.watch(descriptor, events: 0)
      return
    }
    var action: Int32 = 0
    if events & (EPOLLIN.rawValue | EPOLLHUP.rawValue) != 0 { action |= CURL_CSELECT_IN }
    if events & EPOLLOUT.rawValue != 0 { action |= CURL_CSELECT_OUT }
    if events & EPOLLERR.rawValue != 0 { action |= CURL_CSELECT_ERR }
    drive(descriptor, action)
  }

  private func drive(_ descriptor: Int32, _ action: Int32) {
    guard !isShutDown else { return }
    var count: Int32 = 0
    curl_multi_socket_action(multi, descriptor, action, &count)
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
    running[ObjectIdentifier(handle)] = nil
    statistics.count(handle)
    let outcome: TransferOutcome =
      code == CURLE_OK ? .response(handle.response) : .failure(CurlFailure.describe(code, handle, configuration))
    let completion = handle.completion
    handle.completion = nil
    curl_multi_remove_handle(multi, handle.easy)
    putBack(handle)
    completion?(outcome)
  }

  private func putBack(_ handle: CurlHandle) {
    if idle.count < configuration.limits.inFlightPerHost { idle.append(handle) }
  }

  // MARK: Sockets

  func didOpen(_ descriptor: Int32) {
    statistics.openConnections += 1
    connections[descriptor] = Connection()
    var milliseconds = UInt32(clamping: configuration.network.tcpUserTimeout)
    guard milliseconds > 0 else { return }
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
  }

  func willClose(_ descriptor: Int32) {
    statistics.openConnections -= 1
    connections[descriptor] = nil
    loop.watch(descriptor, events: 0)
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
