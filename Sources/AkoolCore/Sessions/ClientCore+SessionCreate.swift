/// Opening a session is a payment: it is written down before, never sent twice blindly, and never left alone.
extension ClientCore {
  /// How long the reply to a create is awaited after its caller has gone, in milliseconds.
  private static var orphanPatience: Int64 { 60_000 }
  /// How long an occupied avatar is left alone before it is tried again, in milliseconds.
  private static var busyPace: Int64 { 1_000 }

  /// Opens a session. The work goes on when the caller gives up while the service may already have the request:
  /// the reply is awaited all the same, and the session closed.
  func createSession(_ given: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    let plan = SessionPlan(given, tag: call.options.tag, prepared: call.prepared)
    try checkGuards(plan)
    // Fail now if the call was already cancelled: `suspend` would not report it.
    do throws(Interruption) { try call.scope.check() } catch {
      throw self.error(error, call, during: "beginning to open a session")
    }
    let flight = SessionFlight(plan, childCall(call))
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
    return background.begin(
      CallContext(
        call.request, call.operation, call.options, scope, paid: call.paid, latestStart: call.scope.deadline))
  }

  private func fly(_ flight: SessionFlight) async {
    defer { end(internal: flight.call) }
    do throws(AkoolError) {
      flight.outcome = .success(try await open(flight))
    } catch {
      flight.outcome = .failure(error)
    }
    flight.land()
    if flight.isAbandoned { closeOrphan(flight) }
  }

  /// Nobody waits for the session any more. What has not left yet never does.
  private func abandon(_ flight: SessionFlight) {
    flight.isAbandoned = true
    sessions.beginOrphan()
    if !flight.call.isUnderWay { flight.call.scope.interrupt(.cancelled) }
  }

  private func interrupted(_ reason: Interruption, _ flight: SessionFlight, _ call: CallContext) -> AkoolError {
    call.absorb(flight.call)
    if case .deadline = reason, let lost = flight.lost {
      return unknown(lost.failure, lost.search.intent, lost.search.listedCandidates)
    }
    var error = error(reason, call, during: "waiting for the reply to POST \(SessionOperations.creation.path)")
    if flight.lost != nil || flight.call.isUnderWay {
      error.hint =
        "The request was sent. If it opens a session, libakool closes it: session.reconciled or session.ended tells."
      error.details = ["outcome": "unknown"]
      error.isRetryable = false
    }
    return error
  }

  private func closeOrphan(_ flight: SessionFlight) {
    if case .success(let session) = flight.outcome, let id = session["_id"]?.string {
      log(.warning, "a session was opened that nobody waits for: closing it", ["id": .string(id)])
      beginClosing(id, .closed)
    }
    sessions.endOrphan()
    noteSettling()
  }

  // MARK: Until there is a session

  func open(_ flight: SessionFlight) async throws(AkoolError) -> JSONObject {
    try await requireCredit(flight.call)
    let busyUntil = flight.call.scope.started.adding(milliseconds: flight.plan.busyWait)
    var lost: LedgerIntent?
    var creates = 0
    while true {
      guard let intent = try await reserve(flight, replacing: lost) else {
        return try await openUnrecorded(flight)
      }
      creates += 1
      do throws(AkoolError) {
        return try await send(flight, intent)
      } catch {
        let isLast = creates >= flight.call.options.maximumAttempts
        if isAmbiguous(error) {
          if let session = try await lookFor(intent, flight, error, isLast: isLast) { return session }
          lost = intent
          continue
        }
        // The avatar may be occupied by the very session that was lost.
        guard error.code == .avatarBusy, !flight.isAbandoned, lost != nil || flight.call.scope.now < busyUntil else {
          throw error
        }
      }
      try await pauseForBusy(flight)
    }
  }

  private func pauseForBusy(_ flight: SessionFlight) async throws(AkoolError) {
    do throws(Interruption) { try await flight.call.scope.sleep(milliseconds: Self.busyPace) } catch {
      throw self.error(error, flight.call, during: "waiting for the avatar to be free")
    }
  }

  private func openUnrecorded(_ flight: SessionFlight) async throws(AkoolError) -> JSONObject {
    opened(try newSession(try await service.send(flight.plan.request, flight.call)), flight, intent: nil)
  }

  /// One create that is written down; what becomes of it is written down too.
  private func send(_ flight: SessionFlight, _ intent: LedgerIntent) async throws(AkoolError) -> JSONObject {
    do throws(AkoolError) {
      let session = try newSession(try await service.send(flight.plan.request, flight.call))
      let result = opened(session, flight, intent: intent)
      await settle(result, intent)
      return result
    } catch {
      let (state, until) = (isAmbiguous(error) ? LedgerIntent.State.lost : .refused, lostUntil)
      record("a create failed") { (ledger) throws(AkoolError) in
        try ledger.resolve(intent: intent.id, state, until: until)
      }
      throw error
    }
  }

  private var lostUntil: Int64 { serverNow + configuration.ledger.reconcileWindow }

  private func isAmbiguous(_ error: AkoolError) -> Bool {
    error.code == .outcomeUnknown || error.details?["outcome"] == "unknown"
  }

  /// The caller has the session only when the ledger knows of it: a crash in between would lose it.
  func settle(_ session: JSONObject, _ intent: LedgerIntent) async {
    guard let entry = session["_id"]?.string.flatMap({ sessions.entries[$0] }) else { return }
    // No internal call: the end of the client must not interrupt this.
    let call = CallContext(
      0, "session.create", CallOptions(timeout: 5_000, maximumAttempts: 1), Scope(loop, timeout: 5_000))
    defer { call.scope.end() }
    let written = entry.record
    do throws(AkoolError) {
      try await ledger(call) { (ledger) throws(AkoolError) in try ledger.settle(written) }
    } catch {
      log(.error, "the ledger does not know of a session: \(error.message)", ["id": .string(entry.id)])
    }
  }

  private func newSession(_ envelope: Envelope) throws(AkoolError) -> JSONObject {
    guard let object = envelope.data.object ?? envelope.data[0]?.object,
      let id = (object["_id"] ?? object["id"])?.string, !id.isEmpty
    else {
      throw AkoolError(
        .outcomeUnknown, "POST \(SessionOperations.creation.path): AKOOL reports success without a session",
        hint: "A session may be open and cost credit: look at session.list.")
    }
    return SessionNormaliser.normalise(object)
  }

  /// Takes a session into the client's care, and makes the reply of it.
  func opened(_ session: JSONObject, _ flight: SessionFlight, intent: LedgerIntent?) -> JSONObject {
    let plan = flight.plan
    let now = flight.call.serverDate ?? serverNow
    let id = session["_id"]?.string ?? ""
    sessions.opened(
      OpenSession(
        id: id, plan: plan, intent: intent?.id ?? "", owner: owner.id, account: account, openedAt: now,
        now: loop.clock.sinceBoot))
    if let room = session["credentials"] { service.authenticator.secrets.rooms?.note(room) }
    watchTime()
    log(.info, "a session was opened", ["id": .string(id), "avatar_id": .string(plan.avatarID)])
    var result = session
    if result["stream_type"]?.string == nil { result["stream_type"] = .string(plan.streamType) }
    let expires = now + plan.duration * 1000
    result["expires_at"] = .integer(expires)
    let ownRoom = plan.parameters["credentials"]?.object
    if ownRoom != nil { result["credentials_seat"] = "avatar" }
    result["join"] = SessionJoin(session: result, ownRoom: ownRoom, now: now, expires: expires).json
    return result
  }
}

/// A create that is under way, whether or not somebody still waits for it.
final class SessionFlight {
  let plan: SessionPlan
  let call: CallContext
  var outcome: Result<JSONObject, AkoolError> = .failure(AkoolError(.internal, "the session is still being created"))
  var isAbandoned = false
  /// Set while the reply is lost and the session is being looked for.
  var lost: (search: LostCreate, failure: AkoolError)?
  var onLanding: (() -> Void)?
  /// When the intent was made, on the clock since boot, if it had to be dated by our own calendar.
  var undatedSince: Instant?

  init(_ plan: SessionPlan, _ call: CallContext) {
    self.plan = plan
    self.call = call
  }

  func land() {
    onLanding?()
    onLanding = nil
  }
}
