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
  /// What waits for the disk.
  nonisolated let disk = Worker(name: "akool-disk")
  nonisolated let ledgerThread: LedgerThread
  /// This client, as its ledger knows it.
  nonisolated let owner: LedgerOwner
  /// The account, as the ledger knows it.
  nonisolated let account: String
  let sessions = OpenSessions()
  let reconciler = Reconciler()
  let watcher = SessionWatcher()
  var messages = MessageStreams()
  var webhooks = SeenWebhooks()
  var resources = DueResources()
  var sweepAtStart: SweepAtStart?
  var serverClock = ServerClock()
  var hasAskedForTime = false
  var hasWarnedOfMemory = false
  var budget = RetryBudget()
  var rateLimiter = RateLimiter()
  var random: any RandomNumberGenerator & Sendable
  var statistics = CallStatistics()
  var active: [UInt64: CallContext] = [:]
  /// What the client does on its own account.
  var internalCalls: [ObjectIdentifier: CallContext] = [:]
  /// No request is taken in any more.
  var isClosing = false
  /// Nothing goes on in the background any more.
  var isStopping = false
  /// Resumed when the last request, and the last internal call, has ended.
  var onIdle: (() -> Void)?
  /// Called when nothing is open any more that this client could close: for `client.close`, and for the end itself.
  var whenSettled: [() -> Void] = []

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(
    _ configuration: Configuration, _ loop: EventLoop, _ mailbox: Mailbox, _ factory: Client.TransportFactory,
    random: any RandomNumberGenerator & Sendable
  ) throws(AkoolError) {
    self.configuration = configuration
    self.loop = loop
    self.mailbox = mailbox
    var random = random
    owner = LedgerOwner.here(&random, at: loop.clock.wallMilliseconds)
    ledgerThread = LedgerThread(file: configuration.ledger.file, owner: owner)
    account = AccountKey.of(configuration.credentials, at: configuration.baseURL)
    self.random = random
    authenticator = Authenticator(configuration, loop.clock)
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

  /// A context for what the client does on its own account. It must be ended with `end(internal:)`.
  func internalCall(_ operation: String, timeout: Int64) -> CallContext {
    let options = CallOptions(timeout: timeout, maximumAttempts: configuration.maximumAttempts)
    return register(CallContext(0, operation, options, Scope(loop, timeout: timeout)))
  }

  /// From here on the end of the client interrupts the call.
  func register(_ call: CallContext) -> CallContext {
    internalCalls[ObjectIdentifier(call)] = call
    if isStopping { call.scope.interrupt(.shuttingDown) }
    return call
  }

  func end(internal call: CallContext) {
    call.scope.end()
    internalCalls[ObjectIdentifier(call)] = nil
    noteIdleness()
  }

  func noteIdleness() {
    if active.isEmpty, internalCalls.isEmpty { onIdle?() }
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
    mailbox.post(log: authenticator.secrets.concealed(.object(record)))
  }
}
