extension ClientCore {
  /// How long the reply to a create is awaited after its caller has gone, in milliseconds.
  private static var orphanPatience: Int64 { 60_000 }

  /// Opens a session. A create is never left alone: when the caller gives up while the service may already
  /// have the request, its reply is awaited all the same, and the session closed.
  func createSession(_ given: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    var parameters = SessionCreationRules.withoutEmpty(given)
    if parameters["duration"] == nil { parameters["duration"] = .integer(SessionSchemas.defaultDuration) }
    let flight = SessionFlight(parameters, childCall(call))
    spawn { await self.fly(flight) }
    do throws(Interruption) {
      try await call.scope.suspend { (resume: @escaping (()) -> Void) in
        flight.onLanding = { resume(()) }
        return { [self] in abandon(flight) }
      }
    } catch {
      throw interrupted(error, flight, call)
    }
    call.absorb(flight.call)
    return .object(try flight.outcome.get())
  }

  private func childCall(_ call: CallContext) -> CallContext {
    let scope = Scope(loop, timeout: call.scope.timeout + Self.orphanPatience)
    return CallContext(call.request, call.operation, call.options, scope)
  }

  private func fly(_ flight: SessionFlight) async {
    defer { flight.call.scope.end() }
    do throws(AkoolError) {
      let request = SessionOperations.creation.request(flight.parameters, .paid)
      let envelope = try await execute(request, flight.call)
      flight.outcome = .success(try opened(envelope, flight))
    } catch {
      flight.outcome = .failure(error)
    }
    flight.land()
    if flight.isAbandoned { await closeOrphan(flight) }
  }

  /// Nobody waits for the session any more. What has not left yet never does.
  private func abandon(_ flight: SessionFlight) {
    flight.isAbandoned = true
    sessions.beginOrphan()
    if !flight.call.isUnderWay { flight.call.scope.interrupt(.cancelled) }
  }

  private func interrupted(_ reason: Interruption, _ flight: SessionFlight, _ call: CallContext) -> AkoolError {
    call.absorb(flight.call)
    var error = error(reason, call, during: "waiting for the reply to POST \(SessionOperations.creation.path)")
    if flight.call.isUnderWay {
      error.hint = "The request was sent. If it opens a session, libakool closes it as soon as the reply comes."
      error.details = ["outcome": "unknown"]
      error.isRetryable = false
    }
    return error
  }

  private func closeOrphan(_ flight: SessionFlight) async {
    defer {
      sessions.endOrphan()
      if sessions.isEmpty { onSessionsClosed?() }
    }
    guard case .success(let session) = flight.outcome, let id = session["_id"]?.string else { return }
    log(.warning, "a session was opened that nobody waits for: closing it", ["id": .string(id)])
    let call = internalCall("session.close", timeout: Self.orphanPatience)
    defer { call.scope.end() }
    do throws(AkoolError) {
      _ = try await closeSession(id, call)
    } catch {
      reportPending(id, error)
    }
  }

  private func opened(_ envelope: Envelope, _ flight: SessionFlight) throws(AkoolError) -> JSONObject {
    guard let object = envelope.data.object ?? envelope.data[0]?.object,
      let id = (object["_id"] ?? object["id"])?.string, !id.isEmpty
    else {
      throw AkoolError(
        .outcomeUnknown, "POST \(SessionOperations.creation.path): AKOOL reports success without a session",
        hint: "A session may be open and cost credit: look at session.list.")
    }
    let parameters = flight.parameters
    let avatarID = parameters["avatar_id"]?.string ?? ""
    sessions.opened(OpenSessions.Entry(id: id, avatarID: avatarID, tag: flight.call.options.tag))
    log(.info, "a session was opened", ["id": .string(id), "avatar_id": .string(avatarID)])
    var session = SessionNormaliser.normalise(object)
    if session["stream_type"]?.string == nil { session["stream_type"] = parameters["stream_type"] ?? "agora" }
    let now = flight.call.serverDate ?? loop.clock.wallMilliseconds
    let expires = now + Int64((parameters["duration"]?.double ?? 0) * 1000)
    session["expires_at"] = .integer(expires)
    let ownRoom = parameters["credentials"]?.object
    if ownRoom != nil { session["credentials_seat"] = "avatar" }
    session["join"] = SessionJoin(session: session, ownRoom: ownRoom, now: now, expires: expires).json
    return session
  }
}

/// A create that is under way, whether or not somebody still waits for it.
final class SessionFlight {
  let parameters: JSONObject
  let call: CallContext
  var outcome: Result<JSONObject, AkoolError> = .failure(AkoolError(.internal, "the session is still being created"))
  var isAbandoned = false
  var onLanding: (() -> Void)?

  init(_ parameters: JSONObject, _ call: CallContext) {
    self.parameters = parameters
    self.call = call
  }

  func land() {
    onLanding?()
    onLanding = nil
  }
}
