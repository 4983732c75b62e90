extension ClientCore {
  /// Codes by which a close tells that there is nothing left to close.
  private static var gone: Set<Int64> { [1216, 1219, 1008, 1014] }

  /// Closes a session and looks until it is over.
  func closeSession(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSON {
    var alreadyOver = false
    do throws(AkoolError) {
      _ = try await execute(SessionOperations.closing.request(["id": .string(id)], .safe), call)
    } catch {
      guard let code = error.akoolCode, Self.gone.contains(code) else { throw error }
      if code != 1219, sessions.entries[id] == nil, !call.hasLostReply { throw error }
      alreadyOver = true
    }
    let session = try await confirmOver(id, call)
    didEnd(id, reason: "closed")
    var result = session
    result["already_over"] = .bool(alreadyOver)
    return .object(result)
  }

  /// AKOOL's word for having closed is not enough: only the detail shows it.
  private func confirmOver(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSONObject {
    var pace = PollingPace(PollingSettings(initial: 200, maximum: 2_000))
    while true {
      if let session = try await sessionIfOver(id, call) { return session }
      do throws(Interruption) { try await call.scope.sleep(milliseconds: pace.next()) } catch {
        var failure = self.error(error, call, during: "waiting to see session \(id) closed")
        failure.hint = "AKOOL took the close and still shows the session as open: call session.close again."
        throw failure
      }
    }
  }

  private func sessionIfOver(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSONObject? {
    do throws(AkoolError) {
      let envelope = try await execute(SessionOperations.detailing.request(["id": .string(id)], .safe), call)
      let session = try SessionNormaliser.session(envelope.data, SessionOperations.detailing)
      return Self.isOver(session) ? session : nil
    } catch {
      guard let code = error.akoolCode, Self.gone.contains(code) else { throw error }
      return ["_id": .string(id), "state": "ended"]
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
