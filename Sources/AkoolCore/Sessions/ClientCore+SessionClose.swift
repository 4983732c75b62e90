extension ClientCore {
  /// Codes by which a close tells that there is nothing left to close.
  private static var gone: Set<Int64> { [1216, 1219, 1008, 1014] }

  /// Closes a session and looks until it is over. AKOOL's word for having closed is not enough: closes get
  /// lost, so one that shows no effect is sent again.
  func closeSession(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSON {
    var pace = PollingPace(PollingSettings(initial: 200, maximum: 2_000))
    var wasGone = false
    while true {
      let isGone = try await sendClose(id, call)
      wasGone = wasGone || isGone
      for _ in 0..<Self.looksPerClose {
        switch try await look(at: id, call) {
        case .over(let session): return closed(id, session, wasGone)
        case .unknown where wasGone && sessions.entries[id] == nil: throw Self.noSuchSession(id)
        case .unknown: return closed(id, ["_id": .string(id), "state": "ended"], wasGone)
        case .open: try await pause(pace.next(), id, call)
        }
      }
    }
  }

  /// How often the detail is asked before the close is sent again.
  private static var looksPerClose: Int { 4 }

  /// True when AKOOL says that there is nothing left to close.
  private func sendClose(_ id: String, _ call: CallContext) async throws(AkoolError) -> Bool {
    do throws(AkoolError) {
      _ = try await execute(SessionOperations.closing.request(["id": .string(id)], .safe), call)
      return false
    } catch {
      guard let code = error.akoolCode, Self.gone.contains(code) else { throw error }
      return true
    }
  }

  private func closed(_ id: String, _ session: JSONObject, _ wasGone: Bool) -> JSON {
    didEnd(id, reason: "closed")
    var result = session
    result["already_over"] = .bool(wasGone)
    return .object(result)
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
      let envelope = try await execute(SessionOperations.detailing.request(["id": .string(id)], .safe), call)
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

  func didEnd(_ id: String, reason: String) {
    guard let entry = sessions.ended(id) else { return }
    var event: JSONObject = ["id": .string(id), "avatar_id": .string(entry.avatarID), "reason": .string(reason)]
    event["tag"] = entry.tag.map(JSON.string)
    mailbox.post(Event(.sessionEnded, event))
    log(.info, "a session is over", ["id": .string(id), "reason": .string(reason)])
    if sessions.isEmpty { onSessionsClosed?() }
  }

  func reportPending(_ id: String, _ error: AkoolError) {
    let avatarID = sessions.entries[id]?.avatarID ?? ""
    mailbox.post(
      Event(
        .sessionClosePending,
        [
          "id": .string(id), "avatar_id": .string(avatarID), "code": .string(error.code.name),
        ]))
    log(.error, "a session could not be seen closed: \(error.message)", ["id": .string(id)])
  }
}
