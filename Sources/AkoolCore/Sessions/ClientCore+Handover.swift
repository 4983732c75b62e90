/// A session that is to be followed by another.
struct HandoverPlan {
  /// What the successor is created with.
  let plan: SessionPlan
  /// How long before the end, in milliseconds.
  let lead: Int64
  let overlap: Int64
}

/// Visitors outlast the paid time: the next session is opened before the last one ends.
extension ClientCore {
  /// How long an avatar may take to be free when it cannot serve two sessions at a time, in milliseconds.
  private static var avatarPatience: Int64 { 60_000 }

  func planHandover(_ parameters: JSONObject, _ call: CallContext) throws(AkoolError) -> JSON {
    let id = parameters["id"]?.string ?? ""
    guard let entry = sessions.entries[id], sessions.closings[id] == nil else {
      throw AkoolError(
        .notFound, "session \(SchemaValidator.quoted(id)) is not open in this client",
        hint: "Only the client that opened a session can open its successor.")
    }
    guard let creation = entry.creation else {
      throw AkoolError(
        .invalidArgument, "session \(id) was opened by a program that ended: its parameters are not known",
        hint: "Open the successor with session.create.")
    }
    var given = creation
    given.merge(parameters["create"]?.object ?? JSONObject())
    var validator = SchemaValidator()
    validator.check(given, SessionOperations.create.parameters, at: "create")
    SessionOperations.create.check(given, &validator)
    try ParameterFaults.throwIfAny(validator, "session.handover")
    let lead = parameters["lead_ms"]?.integer ?? 30_000
    let plan = HandoverPlan(
      plan: SessionPlan(given, tag: entry.tag), lead: lead, overlap: parameters["overlap_ms"]?.integer ?? 5_000)
    try checkGuards(plan.plan)
    sessions.change(id) { $0.handover = plan }
    watchTime()
    return ["_id": .string(id), "handover_at": .integer(entry.paidUntil - lead)]
  }

  /// Opens the successor. An avatar that serves one session only is first set free: then there is a gap.
  func handOver(_ entry: OpenSession, _ handover: HandoverPlan) async {
    let timeout = configuration.timeout + Self.avatarPatience
    let call = internalCall("session.handover", timeout: timeout)
    defer { end(internal: call) }
    do throws(AkoolError) {
      let successor = try await successor(of: entry, handover, call)
      announce(successor, entry)
      await endAfterOverlap(entry, handover, call)
    } catch {
      var event = describe(entry)
      event["code"] = .string(error.code.name)
      event["message"] = .string(error.message)
      mailbox.post(Event(.sessionHandoverFailed, event, importance: .state(subject: entry.id)))
      log(.error, "no successor of a session: \(error.message)", ["id": .string(entry.id)])
    }
  }

  private func successor(
    of entry: OpenSession, _ handover: HandoverPlan, _ call: CallContext
  ) async throws(AkoolError) -> JSONObject {
    do throws(AkoolError) {
      return try await create(handover.plan, call)
    } catch {
      guard error.code == .avatarBusy || error.code == .localLimit else { throw error }
    }
    _ = await isSeenClosed(beginClosing(entry.id, .closed), call)
    return try await create(handover.plan.patient(Self.avatarPatience), call)
  }

  /// As `session.create`, for the client itself.
  private func create(_ plan: SessionPlan, _ call: CallContext) async throws(AkoolError) -> JSONObject {
    let flight = SessionFlight(plan, call)
    return try await open(flight)
  }

  private func announce(_ successor: JSONObject, _ entry: OpenSession) {
    var event: JSONObject = [
      "id": successor["_id"] ?? .null, "replaces": .string(entry.id), "avatar_id": .string(entry.avatarID),
    ]
    event["join"] = successor["join"]
    event["session"] = .object(successor)
    event["tag"] = entry.tag.map(JSON.string)
    mailbox.post(Event(.sessionHandoverReady, event))
  }

  private func endAfterOverlap(_ entry: OpenSession, _ handover: HandoverPlan, _ call: CallContext) async {
    try? await call.scope.sleep(milliseconds: handover.overlap)
    if sessions.entries[entry.id] != nil { beginClosing(entry.id, .closed) }
  }
}
