/// The one way to the service: every endpoint call passes here, with its deadline, repeats and trace.
extension ClientCore {
  /// Sends a request until it succeeds, must not be sent again, or the call's time is over.
  func execute(_ request: EndpointRequest, _ call: CallContext) async throws(AkoolError) -> Envelope {
    try await execute(request, call, isAuthenticated: true)
  }

  /// The same without credentials, for fetching them.
  func executeUnauthenticated(_ request: EndpointRequest, _ call: CallContext) async throws(AkoolError) -> Envelope {
    try await execute(request, call, isAuthenticated: false)
  }

  private func execute(
    _ request: EndpointRequest, _ call: CallContext, isAuthenticated: Bool
  ) async throws(AkoolError) -> Envelope {
    let policy = RetryPolicy(safety: request.safety, maximumAttempts: call.options.maximumAttempts)
    var attempts = 0
    var renewals = 0
    while true {
      attempts += 1
      let failure: AttemptFailure
      do throws(AttemptFailure) {
        let envelope = try await attempt(request, call, isAuthenticated)
        budget.succeed()
        rateLimiter.wasAccepted(loop.now)
        return envelope
      } catch {
        failure = error
      }
      if failure.delivery == .maybeSent, failure.isTransient { call.hasLostReply = true }
      if failure.error.code == .rateLimited { rateLimiter.wasRefused(loop.now) }
      if isAuthenticated, failure.isTokenRefused, authenticator.canRenew, renewals == 0 {
        renewals += 1
        call.noteRetry(reason: "token_refused", delay: 0)
        continue
      }
      guard let delay = policy.delay(after: failure, attempts: attempts, random: &random) else {
        throw failure.error
      }
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
    mailbox.post(
      Event(
        .callRetrying,
        [
          "request_id": .integer(Int64(clamping: call.request)), "operation": .string(call.operation),
          "attempt": .integer(Int64(attempt)), "code": .string(failure.error.code.name), "delay_ms": .integer(delay),
        ], importance: .progress(subject: "\(call.request)")))
    do throws(Interruption) {
      try await call.scope.sleep(milliseconds: delay)
    } catch {
      throw self.error(error, call, during: "waiting to repeat after: \(failure.error.message)")
    }
  }

  // MARK: One attempt

  private func attempt(
    _ request: EndpointRequest, _ call: CallContext, _ isAuthenticated: Bool
  ) async throws(AttemptFailure) -> Envelope {
    // Here and below nothing is asynchronous that has nothing to wait for: each such step has a price.
    var header = isAuthenticated ? authenticator.header : nil
    if isAuthenticated, header == nil {
      do throws(AkoolError) { header = try await credentialHeader(call) } catch { throw .final(error) }
    }
    let started = loop.now
    let http = httpRequest(request, header, call)
    var result: Result<Envelope, AttemptFailure>
    var status: Int?
    do throws(AttemptFailure) {
      let response = try await response(to: http, request, call)
      status = response.status
      note(date: response.header("date"), call)
      let reader = ResponseReader(
        request: request, response: response, wantsRaw: call.options.wantsRaw, secrets: secrets(call))
      let isLarge = response.body.count > Self.largeBody
      result = isLarge ? await readOffLoop(reader, call) : noted(reader.reading(), request, call)
    } catch {
      result = .failure(error)
    }
    record(request, call, started, status, result)
    if case .failure(let failure) = result, failure.isTokenRefused, let header { authenticator.refuse(header) }
    return try result.get()
  }

  private func note(date: String?, _ call: CallContext) {
    guard let date else { return }
    call.serverDateText = date
    serverClock.note(date, sinceBoot: loop.clock.sinceBoot)
  }

  private func httpRequest(_ request: EndpointRequest, _ credential: HTTPHeader?, _ call: CallContext) -> HTTPRequest {
    var http = HTTPRequest(
      method: request.method, url: configuration.endpoint(request.target), body: request.body?.serializedBytes(),
      isRepeatable: request.safety == .safe)
    http.headers = [HTTPHeader("Accept", "application/json")]
    if let credential { http.headers.append(credential) }
    if http.body != nil { http.headers.append(HTTPHeader("Content-Type", "application/json")) }
    http.headers += call.options.headers
    return http
  }

  private func secrets(_ call: CallContext) -> Secrets {
    var secrets = authenticator.secrets
    for header in call.options.headers { secrets.add(header.value) }
    return secrets
  }

  private func readOffLoop(_ reader: ResponseReader, _ call: CallContext) async -> Result<Envelope, AttemptFailure> {
    do throws(Interruption) {
      let reading = try await offload(bytes: reader.response.body.count, call) { reader.reading() }
      return noted(reading, reader.request, call)
    } catch {
      return .failure(.final(self.error(error, call, during: "reading a large reply")))
    }
  }

  private func noted(
    _ reading: ResponseReader.Reading, _ request: EndpointRequest, _ call: CallContext
  ) -> Result<Envelope, AttemptFailure> {
    if call.options.wantsRaw { call.rawBody = reading.raw }
    guard case .failure(var failure) = reading.result, request.safety != .safe else { return reading.result }
    if failure.delivery == .maybeSent, failure.error.akoolCode == nil { failure.markOutcomeUnknown(request) }
    return .failure(failure)
  }

  private func record(
    _ request: EndpointRequest, _ call: CallContext, _ started: Instant, _ status: Int?,
    _ result: Result<Envelope, AttemptFailure>
  ) {
    let ended = loop.now
    func attempt() -> AttemptRecord {
      AttemptRecord(request, started: started, ended: ended, httpStatus: status, result)
    }
    call.record(attempt())
    log(.debug, "attempt", ["operation": .string(call.operation), "attempt": attempt().json(since: call.started)])
  }

  // MARK: The transfer

  private func response(
    to http: HTTPRequest, _ request: EndpointRequest, _ call: CallContext
  ) async throws(AttemptFailure) -> HTTPResponse {
    let delay = rateLimiter.takeTurn(loop.now)
    if delay > 0 { try await slowDown(delay, call) }
    if !admission.enterAtOnce() { try await enter(call) }
    defer { admission.leave() }
    call.beginAttempt()
    statistics.attempts += 1
    var http = http
    for _ in 0...Redirect.maximumCount {
      let response = try await exchange(http, request, call)
      guard (300..<400).contains(response.status), let location = response.header("location") else { return response }
      do throws(TransferFailure) { http = try Redirect.next(http, location) } catch { throw failed(error, request) }
    }
    throw failed(
      TransferFailure(.redirect, "more than \(Redirect.maximumCount) redirects", delivery: .notSent), request)
  }

  private func slowDown(_ delay: Int64, _ call: CallContext) async throws(AttemptFailure) {
    call.slowedDown += delay
    do throws(Interruption) { try await call.scope.sleep(milliseconds: delay) } catch {
      throw .final(self.error(error, call, during: "waiting for its turn, since AKOOL asked to slow down"))
    }
  }

  private func enter(_ call: CallContext) async throws(AttemptFailure) {
    do throws(Interruption) { try await admission.enter(call.scope) } catch {
      throw .final(self.error(error, call, during: "waiting for a free connection"))
    }
  }

  private func exchange(
    _ http: HTTPRequest, _ request: EndpointRequest, _ call: CallContext
  ) async throws(AttemptFailure) -> HTTPResponse {
    let limit = http.isRepeatable ? configuration.attemptTimeout : .max
    let outcome: TransferOutcome
    call.interruptedDelivery = .notSent
    call.isUnderWay = true
    defer { call.isUnderWay = false }
    do throws(Interruption) {
      outcome = try await call.scope.suspend { resume in
        let guarded = GuardedTransfer(loop)
        guarded.start(http, transport, limit: limit, resume)
        return { call.interruptedDelivery = guarded.cancel() }
      }
    } catch {
      throw interrupted(error, request, call)
    }
    switch outcome {
    case .response(let response): return response
    case .failure(let failure): throw failed(failure, request)
    }
  }

  private func interrupted(_ reason: Interruption, _ request: EndpointRequest, _ call: CallContext) -> AttemptFailure {
    var error = error(reason, call, during: "waiting for the reply to \(request.method) \(request.path)")
    if request.safety != .safe, call.interruptedDelivery == .maybeSent {
      error.isRetryable = false
      error.hint = "The request was sent: it may have been handled. Look before repeating it."
      error.details = ["outcome": "unknown"]
    }
    return .final(error)
  }

  private func failed(_ failure: TransferFailure, _ request: EndpointRequest) -> AttemptFailure {
    var attempt = AttemptFailure(
      error: failure.error(request), delivery: failure.delivery, isTransient: failure.isTransient,
      reason: failure.kind.rawValue)
    if request.safety != .safe, failure.delivery == .maybeSent { attempt.markOutcomeUnknown(request) }
    return attempt
  }
}

extension AttemptFailure {
  /// A failure that no repeat can mend.
  static func final(_ error: AkoolError) -> AttemptFailure {
    AttemptFailure(error: error, delivery: .notSent, isTransient: false, reason: "final")
  }

  /// The request may have been handled, and nobody knows.
  fileprivate mutating func markOutcomeUnknown(_ request: EndpointRequest) {
    var unknown = AkoolError(
      .outcomeUnknown, "\(error.message); \(request.method) \(request.path) may have been handled",
      hint: "It is not repeated, since it would happen twice. Look whether it was handled before trying again.")
    unknown.httpStatus = error.httpStatus
    error = unknown
    isTransient = false
  }
}
