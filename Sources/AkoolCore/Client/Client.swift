internal import Glibc

/// A client of the AKOOL service: what `akool_client` is in C.
///
/// ```swift
/// let client = try Client(configuration: ["base_url": "simulator:"], transportFactory: SimulatorTransport.make)
/// let reply = try client.call("avatar.list", ["size": 10])
/// print(reply.json["data"]?["result"] ?? .null)
/// try client.destroy()
/// ```
///
/// All functions may be called from any thread. Every request ends exactly once.
public final class Client: Sendable {
  /// Makes the transport of a client, or nil for the network. Called once, on the thread that makes the client.
  public typealias TransportFactory =
    @Sendable (_ configuration: Configuration, _ loop: EventLoop) throws(AkoolError) -> sending (any Transport)?

  private let configuration: Configuration
  private let loop: EventLoop
  private let mailbox: Mailbox
  private let core: ClientCore
  private let end = ClientEnd()

  /// Makes a client. There is no network traffic unless `warm` asks for it.
  ///
  /// - Parameters:
  ///   - json: The configuration, as `akool_describe` documents it.
  ///   - transportFactory: Where transports other than the network come from.
  /// - Throws: INVALID_ARGUMENT or UNAUTHENTICATED for a wrong configuration, LOCAL_IO when the system has no
  ///   thread or descriptor left.
  public convenience init(
    configuration json: JSON, transportFactory: TransportFactory = { (_, _) throws(AkoolError) in nil }
  ) throws(AkoolError) {
    try self.init(configuration: json, transportFactory: transportFactory, Surroundings())
  }

  package init(
    configuration json: JSON, transportFactory: TransportFactory, _ surroundings: Surroundings
  ) throws(AkoolError) {
    try CurlLibrary.prepare()
    configuration = try ConfigurationReader.read(json)
    mailbox = try Mailbox(
      maximumRequests: configuration.limits.requests, maximumEvents: configuration.limits.events,
      time: surroundings.clock)
    loop = try EventLoop(surroundings.clock)
    do throws(AkoolError) {
      core = try ClientCore(configuration, loop, mailbox, transportFactory, random: surroundings.random)
      try ProcessExit.register(self)
    } catch {
      loop.stopAndJoin()
      throw error
    }
    onLoop { $0.begin() }
  }

  /// The catalogue: operations, result codes, events, configuration and options.
  public static var catalogue: JSON { Catalogue.description }

  private func onLoop(_ action: @escaping @Sendable (isolated ClientCore) -> Void) {
    let core = core
    loop.post { core.assumeIsolated { action($0) } }
  }

  // MARK: Requests

  /// Starts a request.
  ///
  /// - Parameters:
  ///   - operation: The name of an operation of the catalogue.
  ///   - parameters: Its parameters; a failure ends the request with that error.
  ///   - options: The options of the call; a failure ends the request with that error.
  ///   - delivery: Where the reply goes.
  ///   - accepted: Called with the number of the request before anything of it can happen. It must not call the client.
  /// - Returns: The number of the request.
  /// - Throws: LOCAL_LIMIT when too many requests are open, SHUTTING_DOWN.
  @discardableResult
  public func submit(
    operation: String, parameters: Result<JSON, AkoolError>, options: Result<JSON, AkoolError>,
    delivery: ReplyDelivery, accepted: (UInt64) -> Void = { _ in }
  ) throws(AkoolError) -> UInt64 {
    if case .callback = delivery { try mailbox.startCourier() }
    let optionsObject = try? options.get()
    let keepsReply = optionsObject?["reply"]?.string == "wait"
    var route = delivery
    if case .event = delivery, keepsReply { route = .wait }
    let invocation = Invocation(operation: operation, parameters: parameters, options: options)
    return try mailbox.reserve(route, tag: optionsObject?["tag"]?.string) { request in
      accepted(request)
      onLoop { $0.start(request, invocation) }
    }
  }

  /// Waits for the reply of a request and takes it.
  ///
  /// - Parameters:
  ///   - request: The number of the request.
  ///   - timeoutMilliseconds: How long; 0 looks only, a negative time waits until the request ends.
  /// - Throws: TIMEOUT when the request still runs, NOT_FOUND when its reply was handed out, WRONG_THREAD
  ///   inside a callback.
  public func wait(_ request: UInt64, timeoutMilliseconds: Int64) throws(AkoolError) -> Reply {
    if mailbox.isInsideCallback { throw ClientErrors.wrongThread }
    return try mailbox.wait(request, until: Self.deadline(timeoutMilliseconds))
  }

  /// Submits a request and waits for its reply.
  public func call(_ operation: String, _ parameters: JSON = [:], options: JSON = [:]) throws(AkoolError) -> Reply {
    if mailbox.isInsideCallback { throw ClientErrors.wrongThread }
    let request = try submit(
      operation: operation, parameters: .success(parameters), options: .success(options), delivery: .wait)
    return try mailbox.wait(request, until: nil)
  }

  /// Ends a request with CANCELLED unless it has ended. Requests that are not known are none of its business.
  public func cancel(_ request: UInt64) {
    if mailbox.takeCancel(request) { onLoop { $0.cancel(request) } }
  }

  private static func deadline(_ milliseconds: Int64) -> Instant? {
    milliseconds < 0 ? nil : Instant.now.adding(milliseconds: milliseconds)
  }

  /// Whether the caller runs inside a callback of this client, where nothing may wait.
  public var isInsideCallback: Bool { mailbox.isInsideCallback }

  // MARK: Events

  /// Takes the next event, or nil when none comes in time.
  ///
  /// - Parameter timeoutMilliseconds: How long to wait; 0 looks only, a negative time waits without limit.
  /// - Throws: INVALID_ARGUMENT while a status callback takes the events, SHUTTING_DOWN.
  public func nextEvent(timeoutMilliseconds: Int64) throws(AkoolError) -> JSON? {
    if timeoutMilliseconds != 0, mailbox.isInsideCallback { throw ClientErrors.wrongThread }
    return try mailbox.nextEvent(until: Self.deadline(timeoutMilliseconds))
  }

  /// A descriptor that is readable while events wait. Never read or write it.
  public var eventDescriptor: Int32 { mailbox.watchSignal() }

  /// Pushes every event to a handler on the delivery thread, or with nil no longer. Returns when the previous
  /// handler has finished for good, except inside a callback.
  public func setStatusCallback(_ handler: (@Sendable (JSON) -> Void)?) throws(AkoolError) {
    if handler != nil { try mailbox.startCourier() }
    mailbox.setStatusHandler(handler)
  }

  /// Pushes log records up to a level to a handler on the delivery thread, or with nil no longer.
  public func setLogCallback(level: LogLevel, _ handler: (@Sendable (JSON) -> Void)?) throws(AkoolError) {
    if handler != nil { try mailbox.startCourier() }
    mailbox.setLogHandler(level, handler)
  }

  // MARK: The end

  /// Closes the client's sessions within `close_timeout_ms`, ends every request with SHUTTING_DOWN, and
  /// returns when no callback can run any more.
  ///
  /// - Throws: WRONG_THREAD inside a callback of this client; nothing has happened then.
  public func destroy() throws(AkoolError) {
    if mailbox.isInsideCallback { throw ClientErrors.wrongThread }
    guard end.begin() else { return }
    mailbox.beginClosing()
    beginShutDown()(Instant.now.adding(milliseconds: configuration.closeTimeout + 5_000))
    mailbox.stopCourier()
    ProcessExit.unregister(self)
  }

  /// - Returns: What waits for its end, up to a deadline, and then ends the threads.
  private func beginShutDown() -> (_ deadline: Instant) -> Void {
    let finished = Gate()
    onLoop { core in
      core.spawn {
        await core.shutDown()
        finished.open()
      }
    }
    return { [self] deadline in
      finished.wait(until: deadline)
      core.worker.stop()
      core.disk.stop()
      loop.stopAndJoin()
      core.ledgerThread.finish()
    }
  }
}

extension Client: ExitingClient {
  func beginExit() -> (() -> Void)? {
    guard end.begin() else { return nil }
    mailbox.beginClosing()
    let now = Instant.now
    mailbox.silence(until: now)
    let finish = beginShutDown()
    let deadline = now.adding(milliseconds: configuration.closeTimeout + 1_000)
    return { [mailbox] in
      mailbox.silence(until: now.adding(milliseconds: 200))
      finish(deadline)
    }
  }
}

/// Sees to it that a client ends once.
private final class ClientEnd: @unchecked Sendable {
  // `hasBegun` is guarded by `lock`.
  private let lock = Lock()
  private var hasBegun = false

  func begin() -> Bool {
    lock.withLock {
      defer { hasBegun = true }
      return !hasBegun
    }
  }
}
