/// Closing is verified: AKOOL's word for having closed is not enough, and no close is given up while the session may
/// cost anything.
extension ClientCore {
  /// How long one round may take, in milliseconds.
  private static var roundTime: Int64 { 30_000 }
  /// How long after its paid time a session certainly is over, in milliseconds.
  static var certainty: Int64 { 60_000 }

  /// `session.close`. The closing of a session of this client's goes on when the caller gives up.
  func closeSession(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSON {
    guard sessions.entries[id] != nil else { return .object(try await closeForeign(id, call)) }
    let closing = beginClosing(id, .closed)
    let round: SessionClosingRound
    do throws(Interruption) {
      round = try await closing.wait(call.scope)
    } catch {
      var failure = self.error(error, call, during: "waiting to see session \(id) closed")
      failure.hint = Self.goesOn
      throw failure
    }
    call.absorb(round.call)
    return .object(try round.outcome.get())
  }

  private static var goesOn: String { "libakool goes on closing it; session.ended tells when it is over." }

  /// Begins to close a session, unless that has begun. One in this client's care is closed whatever it takes.
  @discardableResult
  func beginClosing(_ id: String, _ reason: LedgerEnd.Reason) -> SessionClosing {
    if let closing = sessions.closings[id] { return closing }
    let closing = SessionClosing(id, reason, isOurs: sessions.entries[id] != nil)
    sessions.closings[id] = closing
    record("session \(id) is to be closed") { (ledger) throws(AkoolError) in try ledger.beginClosing(id) }
    spawn { await self.close(closing) }
    return closing
  }

  private func close(_ closing: SessionClosing) async {
    var pace = PollingPace(PollingSettings(initial: 500, maximum: 30_000))
    while !isStopping {
      let call = internalCall("session.close", timeout: Self.roundTime, isUrgent: true)
      let outcome: Result<JSONObject, AkoolError>
      do throws(AkoolError) {
        outcome = .success(try await closeOnce(closing.id, call, isOurs: closing.isOurs))
      } catch {
        let isOver = closing.isOurs && isCertainlyOver(closing.id)
        outcome = isOver ? .success(Self.over(closing.id)) : .failure(error)
      }
      end(internal: call)
      if conclude(closing, outcome, call) { return }
      await pause(closing, pace.next())
    }
    sessions.closings[closing.id] = nil
  }

  /// True when the session is over.
  private func conclude(
    _ closing: SessionClosing, _ outcome: Result<JSONObject, AkoolError>, _ call: CallContext
  ) -> Bool {
    switch outcome {
    case .success(let session):
      sessions.closings[closing.id] = nil
      if !closing.isOurs { recordEnd(ofForeign: closing.id) }
      didEnd(closing.id, session["state"] == "failed" ? .failed : closing.reason)
      closing.tell(SessionClosingRound(outcome: outcome, call: call))
      return true
    case .failure where !closing.isOurs:
      sessions.closings[closing.id] = nil
      closing.tell(SessionClosingRound(outcome: outcome, call: call))
      noteSettling()
      return true
    case .failure(var error):
      if !closing.wasReportedPending { reportPending(closing.id, error) }
      closing.wasReportedPending = true
      error.hint = Self.goesOn
      closing.tell(SessionClosingRound(outcome: .failure(error), call: call))
      return false
    }
  }

  private func pause(_ closing: SessionClosing, _ delay: Int64) async {
    let call = internalCall("session.close", timeout: delay + 1_000)
    closing.pause = call.scope
    try? await call.scope.sleep(milliseconds: delay)
    closing.pause = nil
    end(internal: call)
  }

  private func isCertainlyOver(_ id: String) -> Bool {
    guard let entry = sessions.entries[id] else { return true }
    return serverNow > entry.paidUntil + Self.certainty
  }

  private static func over(_ id: String) -> JSONObject {
    ["_id": .string(id), "state": "ended", "already_over": true]
  }

  // MARK: One round

  /// Codes by which a close tells that there is nothing left to close.
  static var gone: Set<Int64> { [1216, 1219, 1008, 1014] }
  /// How often the detail is asked before the close is sent again.
  private static var looksPerClose: Int { 4 }

  /// Closes a session that this client has not opened; the ledger may know it all the same.
  func closeForeign(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSONObject {
    let session = try await closeOnce(id, call, isOurs: false)
    recordEnd(ofForeign: id)
    return session
  }

  func recordEnd(ofForeign id: String) {
    let now = serverNow
    record("session \(id) is over") { (ledger) throws(AkoolError) in
      if let known = try ledger.session(id) { try ledger.end(id, known.end(.closed, at: now)) }
    }
  }

  /// Sends the close and looks until the session is over. Closes get lost, so one that shows no effect is sent again.
  private func closeOnce(_ id: String, _ call: CallContext, isOurs: Bool) async throws(AkoolError) -> JSONObject {
    var pace = PollingPace(PollingSettings(initial: 200, maximum: 2_000))
    var wasGone = false
    var closedAt: JSON?
    while true {
      let answer = try await sendClose(id, call)
      wasGone = wasGone || answer == nil
      closedAt = answer?["closed_at"]?.integer.map(JSON.integer) ?? closedAt
      for _ in 0..<Self.looksPerClose {
        switch try await look(at: id, call) {
        case .over(var session):
          session["already_over"] = .bool(wasGone)
          if let closedAt { session["closed_at"] = closedAt }
          return session
        case .unknown where wasGone && !isOurs: throw Self.noSuchSession(id)
        case .unknown:
          var session: JSONObject = ["_id": .string(id), "state": "ended", "already_over": .bool(wasGone)]
          session["closed_at"] = closedAt
          return session
        case .open: try await pause(pace.next(), id, call)
        }
      }
    }
  }

  /// The data of the answer; nil when AKOOL says that there is nothing left to close.
  private func sendClose(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSON? {
    do throws(AkoolError) {
      return try await service.send(SessionOperations.closing.request(["id": .string(id)], .safe), call).data
    } catch {
      guard let code = error.akoolCode, Self.gone.contains(code) else { throw error }
      return nil
    }
  }

  private static func noSuchSession(_ id: String) -> AkoolError {
    AkoolError(
      .notFound, "AKOOL knows no session \(SchemaValidator.quoted(id)), and this client has opened none",
      hint: "Check the id: it is the _id that session.create returned.")
  }

  private func pause(_ delay: Int64, _ id: String, _ call: CallContext) async throws(AkoolError) {
    do throws(Interruption) { try await call.scope.sleep(milliseconds: delay) } catch {
      var failure = self.error(error, call, during: "waiting to see session \(id) closed")
      failure.hint = "AKOOL took the close and still shows the session as open: call session.close again."
      throw failure
    }
  }

  private enum Look {
    case open
    case over(JSONObject)
    case unknown
  }

  private func look(at id: String, _ call: CallContext) async throws(AkoolError) -> Look {
    do throws(AkoolError) {
      let envelope = try await service.send(SessionOperations.detailing.request(["id": .string(id)], .safe), call)
      let session = try SessionNormaliser.session(envelope.data, SessionOperations.detailing)
      return Self.isOver(session) ? .over(session) : .open
    } catch {
      guard let code = error.akoolCode, Self.gone.contains(code) else { throw error }
      return .unknown
    }
  }

  static func isOver(_ session: JSONObject) -> Bool {
    let status = Normaliser.number(session["status"])
    return status == 3 || status == 4
  }

  // MARK: What the host hears

  /// A session in this client's care is over.
  func didEnd(_ id: String, _ reason: LedgerEnd.Reason) {
    guard let entry = sessions.ended(id) else { return }
    let now = serverNow
    let end = entry.record.end(now >= entry.paidUntil ? .expired : reason, at: now)
    var event = describe(entry)
    event["reason"] = .string(end.reason.rawValue)
    event["seconds_used"] = .integer(end.secondsUsed)
    event["seconds_refunded"] = .integer(end.secondsRefunded)
    event["credits_used"] = configuration.spending.creditsPerSecond.map { .number($0 * Double(end.secondsUsed)) }
    event["estimated"] = true
    mailbox.post(Event(.sessionEnded, event))
    log(.info, "a session is over", ["id": .string(id), "reason": .string(end.reason.rawValue)])
    record("session \(id) is over") { (ledger) throws(AkoolError) in try ledger.end(id, end) }
    noteSettling()
  }

  private func reportPending(_ id: String, _ error: AkoolError) {
    guard let entry = sessions.entries[id] else { return }
    var event = describe(entry)
    event["code"] = .string(error.code.name)
    mailbox.post(Event(.sessionClosePending, event, importance: .state(subject: id)))
    log(.error, "a session could not be seen closed: \(error.message)", ["id": .string(id)])
  }

  /// Which session an event is about.
  func describe(_ entry: OpenSession) -> JSONObject {
    var event: JSONObject = ["id": .string(entry.id), "avatar_id": .string(entry.avatarID)]
    event["tag"] = entry.tag.map(JSON.string)
    return event
  }
}
