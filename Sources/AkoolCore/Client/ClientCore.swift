/// Everything of one client that lives on its event loop.
///
/// An actor whose executor is that loop: the code of calls reads as plain `async` code, and nothing here runs on another
/// thread.
actor ClientCore {
  nonisolated let loop: EventLoop
  nonisolated let mailbox: Mailbox
  nonisolated let configuration: Configuration
  /// The way to AKOOL.
  let service: Service
  /// The service's thread; the end of the client stops it from outside the loop.
  nonisolated let worker: Worker
  let background = BackgroundCalls()
  let reporter: Reporter
  /// Thread for what waits for the disk.
  nonisolated let disk: Worker
  nonisolated let ledgerThread: LedgerThread
  /// This client, as an owner in its ledger.
  nonisolated let owner: LedgerOwner
  /// The account, as the ledger names it.
  nonisolated let account: String
  let sessions = OpenSessions()
  let reconciler = Reconciler()
  let watcher = SessionWatcher()
  var messages = MessageStreams()
  var webhooks = SeenWebhooks()
  var resources = DueResources()
  var sweepAtStart: SweepAtStart?
  var hasAskedForTime = false
  var hasWarnedOfMemory = false
  var active: [UInt64: CallContext] = [:]
  let lines = CallLines()
  /// No request is taken in any more.
  var isClosing = false
  /// Nothing goes on in the background any more.
  var isStopping = false
  /// Resumed when the last request, and the last background call, has ended.
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
    ledgerThread = LedgerThread(file: configuration.ledger.file, owner: owner, driver: loop.driver)
    disk = Worker(name: "akool-disk", driver: loop.driver)
    account = try AccountKey.of(configuration.credentials, at: configuration.baseURL)
    let given = try factory(configuration, loop)
    let transport = if let given { given } else { try Self.network(configuration, loop) }
    reporter = Reporter(mailbox, loop)
    service = Service(configuration, loop, transport, background, reporter, random)
    worker = service.worker
    reporter.authenticator = service.authenticator
  }

  private static func network(_ configuration: Configuration, _ loop: EventLoop) throws(AkoolError) -> any Transport {
    guard !configuration.isSimulated else {
      throw AkoolError(.invalidArgument, "configuration: base_url: this build has no simulator")
    }
    return try CurlTransport(configuration, loop)
  }

  /// First work of the client.
  func begin() {
    background.onIdle = { [unowned self] in assumeIsolated { $0.noteIdleness() } }
    beginSessions()
    if configuration.isWarm { warmUp() }
  }

  var random: any RandomNumberGenerator & Sendable {
    get { service.random }
    set { service.random = newValue }
  }

  /// A context for what the client does on its own account. It must be ended with `end(internal:)`.
  func internalCall(_ operation: String, timeout: Int64, isUrgent: Bool = false) -> CallContext {
    let options = CallOptions(timeout: timeout, maximumAttempts: configuration.maximumAttempts)
    return background.begin(CallContext(0, operation, options, Scope(loop, timeout: timeout), isUrgent: isUrgent))
  }

  func end(internal call: CallContext) { background.end(call) }

  func noteIdleness() {
    if active.isEmpty, background.isEmpty { onIdle?() }
  }

  /// Returns the error of a call that was interrupted.
  func error(_ interruption: Interruption, _ call: CallContext, during activity: String) -> AkoolError {
    interruption.error(during: activity, call.scope)
  }

  func log(
    _ level: LogLevel, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> JSONObject = JSONObject()
  ) {
    reporter.log(level, message(), fields())
  }
}
