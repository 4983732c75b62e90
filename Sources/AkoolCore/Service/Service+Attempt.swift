extension Service {
  /// Makes one attempt, and a second one where only the access token was refused.
  func attempt(
    _ request: EndpointRequest, _ call: CallContext, isAuthenticated: Bool
  ) async throws(AttemptFailure) -> Envelope {
    if request.lacksBody { throw .final(Self.noMemory(request)) }
    defer { call.isUnderWay = false }
    var hasRenewed = false
    while true {
      // Here and below nothing is asynchronous that has nothing to wait for: each such step has a price.
      var header = isAuthenticated ? authenticator.header : nil
      if isAuthenticated, header == nil {
        do throws(AkoolError) { header = try await credentialHeader(call) } catch { throw .final(error) }
      }
      let started = loop.now
      var status: Int?
      var result: Result<Envelope, AttemptFailure>
      do throws(AttemptFailure) {
        if !rate(of: call).takeAtOnce() { try await waitForTurn(request, call) }
        let response = try await fetch(httpRequest(request, header, call), as: request, place: request.path, call)
        status = response.status
        note(date: response.header("date"), call)
        let reader = reader(of: response, request, call)
        let isLarge = response.body.count + request.size > Self.largeBody
        result = noted(isLarge ? try await readOffLoop(reader, call) : reader.reading(nil), request, call)
      } catch {
        result = .failure(error)
      }
      record(request, call, started, status, result)
      guard case .failure(let failure) = result else {
        rate(of: call).noteAnswer()
        return try result.get()
      }
      note(failure, header, call)
      guard isAuthenticated, failure.isTokenRefused, authenticator.canRenew, !hasRenewed else { throw failure }
      hasRenewed = true
      call.noteRetry(reason: "token_refused", delay: 0)
    }
  }

  private static func noMemory(_ request: EndpointRequest) -> AkoolError {
    AkoolError(
      .localIO, "\(request.method) \(request.path): there is no memory for the body of the request",
      hint: "Send smaller parameters, or give the process more memory.", isRetryable: true)
  }

  @inline(never)
  private func httpRequest(_ request: EndpointRequest, _ credential: HTTPHeader?, _ call: CallContext) -> HTTPRequest {
    var http = HTTPRequest(
      method: request.method, url: configuration.endpoint(request.target), body: request.payload,
      isRepeatable: request.safety == .safe)
    http.headers = [HTTPHeader("Accept", "application/json")]
    if let credential { http.headers.append(credential) }
    if http.body != nil { http.headers.append(HTTPHeader("Content-Type", "application/json")) }
    http.headers += call.options.headers
    return http
  }

  // MARK: The reply

  /// Bodies above this many bytes are worked on off the I/O thread: 10 MB take a third of a second to parse.
  static var largeBody: Int { 16_384 }

  @inline(never)
  private func reader(of response: HTTPResponse, _ request: EndpointRequest, _ call: CallContext) -> ResponseReader {
    ResponseReader(
      request: request, response: response, wantsRaw: call.options.wantsRaw, secrets: secrets(call),
      now: loop.clock.wallMilliseconds)
  }

  private func readOffLoop(
    _ reader: ResponseReader, _ call: CallContext
  ) async throws(AttemptFailure) -> ResponseReader.Reading {
    do throws(AkoolError) {
      return try await offload(call, "reading a large reply") { reader.reading($0) }
    } catch {
      throw unread(error, reader.request)
    }
  }

  /// A reply that came and could not be read leaves open what it says.
  private func unread(_ error: AkoolError, _ request: EndpointRequest) -> AttemptFailure {
    var failure = AttemptFailure.final(error)
    failure.delivery = .maybeSent
    if request.safety != .safe { failure.markOutcomeUnknown(request) }
    return failure
  }

  /// Does something off the I/O thread.
  // Not specialised for each type: what is worked on is large, and a thread takes longer than a generic call.
  @_semantics("optimize.sil.specialize.generic.never")
  func offload<Value: Sendable>(
    _ call: CallContext, _ activity: String, _ work: @escaping @Sendable (CancelFlag) -> Value
  ) async throws(AkoolError) -> Value {
    let outcome = WorkOutcome<Value>()
    try await offload(call, activity, work: { flag in outcome.value = work(flag) })
    guard let value = outcome.value else { throw AkoolError(.internal, "\(call.operation): no outcome of \(activity)") }
    return value
  }

  /// Not generic: each kind of value would take 8 KB of code.
  @inline(never)
  private func offload(
    _ call: CallContext, _ activity: String, work: @escaping @Sendable (CancelFlag) -> Void
  ) async throws(AkoolError) {
    let result: Result<Void, AkoolError>
    do throws(Interruption) {
      result = try await worker.run(call.scope, loop, isUrgent: call.isUrgent, work)
    } catch {
      throw error.error(during: activity, call.scope)
    }
    try result.get()
  }

  private func secrets(_ call: CallContext) -> Secrets {
    var secrets = authenticator.secrets
    for header in call.options.headers { secrets.add(header.value) }
    return secrets
  }

  @inline(never)
  private func note(date: String?, _ call: CallContext) {
    guard let date else { return }
    call.serverDateText = date
    clock.note(date, sinceBoot: loop.clock.sinceBoot)
  }

  @inline(never)
  private func noted(
    _ reading: ResponseReader.Reading, _ request: EndpointRequest, _ call: CallContext
  ) -> Result<Envelope, AttemptFailure> {
    if call.options.wantsRaw { call.rawBody = reading.raw }
    guard case .failure(var failure) = reading.result, request.safety != .safe else { return reading.result }
    if failure.delivery == .maybeSent, failure.error.akoolCode == nil { failure.markOutcomeUnknown(request) }
    return .failure(failure)
  }

  @inline(never)
  private func note(_ failure: AttemptFailure, _ header: HTTPHeader?, _ call: CallContext) {
    if failure.isTokenRefused, let header { authenticator.refuse(header) }
    guard failure.isRateRefusal else { return }
    rate(of: call).noteRefusal()
    // The others are too many all the more.
    if call.isUrgent { ordinaryRate.noteRefusal() }
  }

  @inline(never)
  private func record(
    _ request: EndpointRequest, _ call: CallContext, _ started: Instant, _ status: Int?,
    _ result: Result<Envelope, AttemptFailure>
  ) {
    let ended = loop.now
    func attempt() -> AttemptRecord {
      AttemptRecord(request, started: started, ended: ended, httpStatus: status, result)
    }
    call.record(attempt())
    reporter.log(
      .debug, "attempt", ["operation": .string(call.operation), "attempt": attempt().json(since: call.started)])
  }
}

/// A value on its way to or from a worker. Who takes it frees it: a large value would delay the loop.
final class WorkOutcome<Value: Sendable>: @unchecked Sendable {
  // The loop waits while the worker uses it, and does not use it again when it stops waiting.
  var value: Value?

  init(_ value: Value? = nil) { self.value = value }

  func take() -> Value? {
    defer { value = nil }
    return value
  }
}

extension AttemptFailure {
  /// A failure that no retry can mend.
  static func final(_ error: AkoolError) -> AttemptFailure {
    AttemptFailure(error: error, delivery: .notSent, isTransient: false, reason: "final")
  }

  /// Whether AKOOL has refused the request for coming too fast, and not this library.
  var isRateRefusal: Bool { error.code == .rateLimited && reason == "rate_limited" }

  /// Says that the request may have been handled, and that the outcome is not known.
  mutating func markOutcomeUnknown(_ request: EndpointRequest) {
    var unknown = AkoolError(
      .outcomeUnknown, "\(error.message); \(request.method) \(request.path) may have been handled",
      hint: "It is not sent again, since it would happen twice. Check whether it was handled before trying again.")
    unknown.httpStatus = error.httpStatus
    error = unknown
    isTransient = false
  }
}
