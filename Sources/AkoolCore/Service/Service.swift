/// Sends requests to AKOOL's service, and to the hosts of its files: the only way out of a client.
///
/// Every request passes here, with its credentials, limits, retries and redirects. Lives on the event loop.
final class Service {
  let configuration: Configuration
  let loop: EventLoop
  let transport: any Transport
  let authenticator: Authenticator
  let connections: ConnectionLimiter
  /// Rates of the two lanes. Requests that save money do not wait behind others.
  let ordinaryRate: RateLimiter
  let urgentRate: RateLimiter
  let worker: Worker
  let background: BackgroundCalls
  let reporter: any ServiceReporter
  var random: any RandomNumberGenerator & Sendable
  var statistics = CallStatistics()
  var budget = RetryBudget()
  /// Server's time, from the replies.
  var clock = ServerClock()

  init(
    _ configuration: Configuration, _ loop: EventLoop, _ transport: any Transport, _ background: BackgroundCalls,
    _ reporter: any ServiceReporter, _ random: any RandomNumberGenerator & Sendable
  ) {
    self.configuration = configuration
    self.loop = loop
    self.transport = transport
    self.background = background
    self.reporter = reporter
    self.random = random
    authenticator = Authenticator(configuration, loop.clock)
    connections = ConnectionLimiter(limit: configuration.limits.inFlightPerHost, transport)
    ordinaryRate = RateLimiter(loop)
    urgentRate = RateLimiter(loop)
    worker = Worker(name: "akool-worker", driver: loop.driver)
    transport.onReadyConnection = { [unowned connections] in connections.admit() }
  }

  /// Sends a request until it succeeds, must not be sent again, or the time of the call is over.
  ///
  /// - Parameter isAuthenticated: False only for the request that fetches credentials.
  func send(
    _ request: EndpointRequest, _ call: CallContext, isAuthenticated: Bool = true
  ) async throws(AkoolError) -> Envelope {
    try await retrying(call, request.safety) { () async throws(AttemptFailure) -> Envelope in
      try await self.attempt(request, call, isAuthenticated: isAuthenticated)
    }
  }

  /// Makes attempts until one succeeds, another is no use, or the time of the call is over.
  @inline(__always)
  func retrying<Value>(
    _ call: CallContext, _ safety: RepeatSafety, _ attempt: () async throws(AttemptFailure) -> Value
  ) async throws(AkoolError) -> Value {
    let policy = RetryPolicy(safety: safety, maximumAttempts: call.options.maximumAttempts)
    var attempts = 0
    while true {
      attempts += 1
      let failure: AttemptFailure
      do throws(AttemptFailure) {
        let value = try await attempt()
        budget.succeed()
        return value
      } catch {
        failure = error
      }
      if failure.delivery == .maybeSent, failure.isTransient { call.hasLostReply = true }
      guard let delay = policy.delay(after: failure, attempts: attempts, random: &random) else { throw failure.error }
      try await pause(delay, before: attempts + 1, failure, call)
    }
  }

  private func pause(
    _ delay: Int64, before attempt: Int, _ failure: AttemptFailure, _ call: CallContext
  ) async throws(AkoolError) {
    guard loop.now.adding(milliseconds: delay) < call.scope.deadline else { throw failure.error }
    guard budget.spend(on: failure) else { throw failure.error }
    call.noteRetry(reason: failure.reason, delay: delay)
    statistics.countRetry(failure.reason)
    reporter.willRetry(call, attempt, failure, delay: delay)
    do throws(Interruption) {
      try await call.scope.sleep(milliseconds: delay)
    } catch {
      throw error.error(during: "waiting to retry after: \(failure.error.message)", call.scope)
    }
  }

  /// Ends what is under way, and frees the transport.
  func shutDown() {
    ordinaryRate.shutDown()
    urgentRate.shutDown()
    transport.shutDown()
  }
}

/// Receives what a service has to report.
protocol ServiceReporter: AnyObject {
  /// A failed attempt will be followed by another.
  func willRetry(_ call: CallContext, _ attempt: Int, _ failure: AttemptFailure, delay: Int64)

  /// A new access token was obtained. `expires` is in Unix milliseconds, where it is known.
  func didObtainToken(expires: Int64?)

  func log(_ level: LogLevel, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> JSONObject)
}

/// Calls that a client makes on its own account. Lives on the event loop.
final class BackgroundCalls {
  private var calls: [UInt64: CallContext] = [:]
  private var last: UInt64 = 0
  private var isStopping = false
  /// Called when the last call has ended.
  var onIdle: (() -> Void)?

  var isEmpty: Bool { calls.isEmpty }

  /// From here on the end of the client interrupts the call. It must be ended with `end`.
  func begin(_ call: CallContext) -> CallContext {
    last += 1
    call.backgroundNumber = last
    calls[last] = call
    if isStopping { call.scope.interrupt(.shuttingDown) }
    return call
  }

  func end(_ call: CallContext) {
    call.scope.end()
    calls[call.backgroundNumber] = nil
    onIdle?()
  }

  /// Interrupts all calls, and each that begins later.
  func stop() {
    isStopping = true
    for number in calls.keys.sorted() { calls[number]?.scope.interrupt(.shuttingDown) }
  }
}
