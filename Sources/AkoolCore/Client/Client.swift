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

  let configuration: Configuration
  let loop: EventLoop
  let mailbox: Mailbox
  let core: ClientCore
  let end = ClientEnd()
  /// Secrets of the configuration, for errors that are made on the caller's thread.
  let secrets: Secrets

  /// Makes a client. There is no network traffic unless `warm` asks for it.
  ///
  /// - Parameters:
  ///   - json: The configuration, as `akool_describe` documents it.
  ///   - transportFactory: Makes transports other than the network.
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
    secrets = Secrets(configuration)
    mailbox = try Mailbox(
      maximumRequests: configuration.limits.requests, maximumEvents: configuration.limits.events,
      time: surroundings.clock)
    loop = try EventLoop(surroundings.clock, driver: surroundings.driver)
    do throws(AkoolError) {
      core = try ClientCore(configuration, loop, mailbox, transportFactory, random: surroundings.random)
      try ProcessExit.register(self)
    } catch {
      loop.stopAndJoin()
      throw error
    }
    connectMailbox()
    onLoop { $0.begin() }
  }

  /// Requests that their callers no longer wait for are cancelled, and what they opened is closed.
  private func connectMailbox() {
    loop.post { [loop, mailbox] in loop.onTurnEnd = { mailbox.finishTurn() } }
    // Weak: both know the mailbox.
    mailbox.onDetach = { [weak loop, weak core] request in
      guard let core else { return }
      loop?.post { core.assumeIsolated { $0.cancel(request) } }
    }
    // Posted: at the end of a client whose loop stands still this is called on the host's thread.
    mailbox.onUndeliverable = { [weak loop, weak core] _, reply in
      guard let core else { return }
      loop?.post { core.assumeIsolated { $0.discard(reply) } }
    }
  }

  /// The catalogue: operations, result codes, events, configuration and options.
  public static var catalogue: JSON { Catalogue.description }

  func onLoop(_ action: @escaping @Sendable (isolated ClientCore) -> Void) {
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
    let invocation = Invocation(
      operation, parameters, options, configuration, secrets, started: loop.clock.now)
    var route = delivery
    if case .event = delivery, invocation.keepsReply { route = .wait }
    return try mailbox.reserve(
      route, tag: invocation.tag, deadline: invocation.hostDeadline, paid: invocation.paid
    ) { request in
      accepted(request)
      onLoop { $0.start(request, invocation) }
    }
  }

  /// Waits for the reply of a request and takes it.
  ///
  /// - Parameters:
  ///   - request: The number of the request.
  ///   - timeoutMilliseconds: The longest wait; 0 only checks, a negative time waits until the request ends.
  /// - Throws: TIMEOUT when the request still runs, or OUTCOME_UNKNOWN when it is paid, was sent and missed its
  ///   deadline by a second; NOT_FOUND when its reply was handed out, WRONG_THREAD inside a callback.
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

  /// Takes a reply back that could not be handed to the caller: a session that it opened is closed.
  public func discard(_ reply: Reply) { onLoop { $0.discard(reply) } }

  /// Ends a request with CANCELLED unless it has ended. No-op for requests that are not known.
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
  /// - Parameter timeoutMilliseconds: The longest wait; 0 only checks, a negative time waits without limit.
  /// - Throws: INVALID_ARGUMENT while a status callback takes the events, SHUTTING_DOWN.
  public func nextEvent(timeoutMilliseconds: Int64) throws(AkoolError) -> JSON? {
    if timeoutMilliseconds != 0, mailbox.isInsideCallback { throw ClientErrors.wrongThread }
    return try mailbox.nextEvent(until: Self.deadline(timeoutMilliseconds))
  }

  /// A descriptor that is readable while events are queued. Never read or write it.
  public var eventDescriptor: Int32 { mailbox.watchSignal() }

  /// Sets the callback that receives every event on the callback thread, or clears it with nil. Returns when the
  /// previous one has finished for good, except inside a callback.
  public func setStatusCallback(_ handler: (@Sendable (JSON) -> Void)?) throws(AkoolError) {
    if handler != nil { try mailbox.startCourier() }
    mailbox.setStatusHandler(handler)
  }

  /// Sets the callback that receives log records up to a level on the callback thread, or clears it with nil.
  public func setLogCallback(level: LogLevel, _ handler: (@Sendable (JSON) -> Void)?) throws(AkoolError) {
    if handler != nil { try mailbox.startCourier() }
    mailbox.setLogHandler(level, handler)
  }
}
