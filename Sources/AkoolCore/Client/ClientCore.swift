/// Everything of one client that lives on its event loop.
///
/// An actor whose executor is that loop: the code of calls reads as plain `async` code, and nothing here
/// runs on another thread.
actor ClientCore {
  nonisolated let loop: EventLoop
  nonisolated let mailbox: Mailbox
  nonisolated let configuration: Configuration
  let transport: any Transport
  let authenticator: Authenticator
  let admission: AdmissionQueue
  nonisolated let worker = Worker()
  let sessions = OpenSessions()
  var budget = RetryBudget()
  var rateLimiter = RateLimiter()
  var random: any RandomNumberGenerator & Sendable
  var statistics = CallStatistics()
  var active: [UInt64: CallContext] = [:]
  var isClosing = false
  /// Resumed when the last active request has ended.
  var onIdle: (() -> Void)?
  /// Resumed when the last session is seen closed.
  var onSessionsClosed: (() -> Void)?

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(
    _ configuration: Configuration, _ loop: EventLoop, _ mailbox: Mailbox, _ factory: Client.TransportFactory,
    random: any RandomNumberGenerator & Sendable
  ) throws(AkoolError) {
    self.configuration = configuration
    self.loop = loop
    self.mailbox = mailbox
    self.random = random
    authenticator = Authenticator(configuration.credentials, loop.clock)
    loop.post { loop.onTurnEnd = { mailbox.finishTurn() } }
    if let given = try factory(configuration, loop) {
      transport = given
    } else {
      transport = try Self.network(configuration, loop)
    }
    admission = AdmissionQueue(limit: configuration.limits.inFlightPerHost, transport)
  }

  private static func network(_ configuration: Configuration, _ loop: EventLoop) throws(AkoolError) -> any Transport {
    guard !configuration.isSimulated else {
      throw AkoolError(.invalidArgument, "configuration: base_url: this build has no simulator")
    }
    return try CurlTransport(configuration, loop)
  }

  /// A context for what the client does on its own account.
  func internalCall(_ operation: String, timeout: Int64) -> CallContext {
    let options = CallOptions(timeout: timeout, maximumAttempts: configuration.maximumAttempts)
    return CallContext(0, operation, options, Scope(loop, timeout: timeout))
  }

  /// Reports an interruption as the error of a call.
  func error(_ interruption: Interruption, _ call: CallContext, during activity: String) -> AkoolError {
    interruption.error(during: activity, timeout: call.scope.timeout)
  }

  func log(
    _ level: LogLevel, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> JSONObject = JSONObject()
  ) {
    guard mailbox.wantsLog(level) else { return }
    var record: JSONObject = [
      "at": .integer(WallClock.milliseconds), "level": .string(level.name), "message": .string(message()),
    ]
    record.merge(fields())
    mailbox.post(log: .object(record))
  }
}
