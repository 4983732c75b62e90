/// One transfer: its turn, its place, its redirects.
extension Service {
  func rate(of call: CallContext) -> RateLimiter { call.isUrgent ? urgentRate : ordinaryRate }

  /// Sends a request to any host once, redirects included.
  ///
  /// - Parameters:
  ///   - request: The request, as errors name it.
  ///   - place: Name of what shares places with it.
  ///   - refusesPrivateAddresses: Whether redirects may lead to public addresses only.
  func fetch(
    _ first: HTTPRequest, as request: EndpointRequest, place name: String, refusesPrivateAddresses: Bool = false,
    _ call: CallContext
  ) async throws(AttemptFailure) -> HTTPResponse {
    let place = connections.enterAtOnce(name, isUrgent: call.isUrgent)
    let taken: ConnectionLimiter.Place
    if let place { taken = place } else { taken = try await enter(name, call) }
    defer { connections.leave(taken) }
    guard loop.now < call.latestStart else { throw tooLate(request, call) }
    call.beginAttempt()
    statistics.attempts += 1
    var http = first
    for _ in 0...Redirect.maximumCount {
      let response = try await exchange(http, request, call)
      guard (300..<400).contains(response.status), let location = response.header("location") else { return response }
      do throws(TransferFailure) { http = try Redirect.next(http, location) } catch { throw failed(error, request) }
      http.refusesPrivateAddresses = refusesPrivateAddresses
    }
    throw failed(
      TransferFailure(.redirect, "more than \(Redirect.maximumCount) redirects", delivery: .notSent), request)
  }

  @inline(never)
  private func tooLate(_ request: EndpointRequest, _ call: CallContext) -> AttemptFailure {
    .final(Interruption.deadline.error(during: "waiting to send \(request.method) \(request.path)", call.scope))
  }

  func waitForTurn(_ request: EndpointRequest, _ call: CallContext) async throws(AttemptFailure) {
    let turn: RateLimiter.Turn
    let began = loop.now
    do throws(Interruption) { turn = try await rate(of: call).waitForTurn(call.scope, until: call.latestStart) } catch {
      throw .final(error.error(during: "waiting for its turn, since AKOOL asked to slow down", call.scope))
    }
    call.slowedDown += loop.now.milliseconds(after: began)
    guard case .tooLate(let delay) = turn else { return }
    var error = AkoolError(
      .rateLimited,
      "\(request.method) \(request.path): AKOOL asked to slow down, and the turn of this call comes in \(delay) ms, after its deadline",
      hint: "Send fewer requests at a time, or give the call more time with timeout_ms.", isRetryable: true)
    error.retryAfterMilliseconds = delay
    throw .final(error)
  }

  private func enter(_ name: String, _ call: CallContext) async throws(AttemptFailure) -> ConnectionLimiter.Place {
    do throws(Interruption) { return try await connections.enter(name, isUrgent: call.isUrgent, call.scope) } catch {
      throw .final(error.error(during: "waiting for a free connection", call.scope))
    }
  }

  private func exchange(
    _ http: HTTPRequest, _ request: EndpointRequest, _ call: CallContext
  ) async throws(AttemptFailure) -> HTTPResponse {
    let limit = http.isRepeatable ? configuration.attemptTimeout : .max
    let outcome: TransferOutcome
    call.interruptedDelivery = .notSent
    call.isUnderWay = true
    if request.safety == .paid, call.paid?.markMaySent() == false { throw abandoned(request, call) }
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

  /// The thread that waited has given the call up as not sent: so it stays.
  @inline(never)
  private func abandoned(_ request: EndpointRequest, _ call: CallContext) -> AttemptFailure {
    .final(Interruption.cancelled.error(during: "waiting to send \(request.method) \(request.path)", call.scope))
  }

  @inline(never)
  private func interrupted(_ reason: Interruption, _ request: EndpointRequest, _ call: CallContext) -> AttemptFailure {
    var error = reason.error(during: "waiting for the reply to \(request.method) \(request.path)", call.scope)
    if request.safety != .safe, call.interruptedDelivery == .maybeSent {
      error.isRetryable = false
      error.hint = "The request was sent: it may have been handled. Check that before sending it again."
      error.details = ["outcome": "unknown"]
    }
    return .final(error)
  }

  @inline(never)
  private func failed(_ failure: TransferFailure, _ request: EndpointRequest) -> AttemptFailure {
    var attempt = AttemptFailure(
      error: failure.error(request), delivery: failure.delivery, isTransient: failure.isTransient,
      reason: failure.kind.rawValue)
    if request.safety != .safe, failure.delivery == .maybeSent { attempt.markOutcomeUnknown(request) }
    return attempt
  }
}
