/// What the passing of time does to sessions: warnings before the end, the end itself, and heartbeats that fail to come.
extension ClientCore {
  /// How many seconds before the end a warning comes.
  static var warnings: [Int64] { [60, 30] }
  /// How long after its time a session is looked at whether it is over, in milliseconds.
  private static var grace: Int64 { 2_000 }
  /// How long to sleep at most, in milliseconds: the loop's clock stands still while the machine sleeps.
  private static var slice: Int64 { 5_000 }

  /// To be called when a session came into this client's care.
  func watchTime() {
    if let timer = sessions.timer { loop.cancel(timer) }
    sessions.timer = nil
    guard !isStopping, !sessions.entries.isEmpty else { return }
    let delay = min(Self.slice, max(1, untilNextMoment()))
    sessions.timer = loop.schedule(afterMilliseconds: delay) { [unowned self] in
      assumeIsolated { core in
        core.sessions.timer = nil
        core.checkTime()
        core.watchTime()
      }
    }
  }

  private func checkTime() {
    let (now, boot) = (serverNow, loop.clock.sinceBoot)
    for entry in Array(sessions.entries.values) where sessions.closings[entry.id] == nil {
      warn(entry, now)
      if let handover = entry.handover, now >= entry.paidUntil - handover.lead {
        sessions.change(entry.id) { $0.handover = nil }
        spawn { await self.handOver(entry, handover) }
      }
      if now >= entry.paidUntil + Self.grace {
        beginClosing(entry.id, .expired)
      } else if let lapse = entry.heartbeatLapse, boot >= lapse {
        spawn { await self.abandon(entry) }
      }
    }
  }

  private func warn(_ entry: OpenSession, _ now: Int64) {
    let left = (entry.paidUntil - now + 999) / 1000
    guard left > 0, let due = Self.warnings.last(where: { left <= $0 }), due < entry.warnedAt else { return }
    sessions.change(entry.id) { $0.warnedAt = due }
    var event = describe(entry)
    event["seconds_left"] = .integer(left)
    mailbox.post(Event(.sessionExpiring, event, importance: .state(subject: entry.id)))
  }

  /// Milliseconds until something is to be done for a session.
  private func untilNextMoment() -> Int64 {
    let (now, boot) = (serverNow, loop.clock.sinceBoot)
    var least = Self.slice
    for entry in sessions.entries.values where sessions.closings[entry.id] == nil {
      if let warning = Self.warnings.first(where: { $0 < entry.warnedAt }) {
        least = min(least, max(0, entry.paidUntil - warning * 1000 - now))
      }
      least = min(least, entry.paidUntil + Self.grace - now)
      if let handover = entry.handover { least = min(least, entry.paidUntil - handover.lead - now) }
      if let lapse = entry.heartbeatLapse { least = min(least, lapse.milliseconds(after: boot)) }
    }
    return least
  }

  // MARK: Heartbeats

  /// `session.heartbeat`.
  func heartbeat(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSON {
    let now = serverNow
    if let entry = sessions.entries[id] {
      if sessions.closings[id] != nil { throw Self.isBeingClosed(id) }
      sessions.change(id) { $0.lastHeartbeat = loop.clock.sinceBoot }
      note(beatOf: entry, now)
      return alive(entry.record, now)
    }
    let (account, beatNow) = (account, now)
    let known = try await ledger(call) { (ledger) throws(AkoolError) -> LedgerSession? in
      guard let session = try ledger.session(id), session.account == account else { return nil }
      if session.state == .open { try ledger.beat(id, at: beatNow) }
      return session
    }
    guard let known else {
      throw AkoolError(
        .notFound, "the ledger knows no session \(SchemaValidator.quoted(id))",
        hint: "Heartbeats are for sessions that libakool opened, with the same ledger and account.")
    }
    guard known.state == .open else { throw Self.isBeingClosed(id) }
    return alive(known, now)
  }

  private func alive(_ record: LedgerSession, _ now: Int64) -> JSON {
    var reply: JSONObject = [
      "_id": .string(record.id), "seconds_left": .integer(max(0, (record.paidUntil - now) / 1000)),
    ]
    reply["heartbeat_timeout_ms"] = record.heartbeatTimeout.map(JSON.integer)
    return .object(reply)
  }

  private static func isBeingClosed(_ id: String) -> AkoolError {
    AkoolError(.notFound, "session \(id) is over or is being closed", hint: "Open another one.")
  }

  /// Not each heartbeat is worth a write to the disk.
  private func note(beatOf entry: OpenSession, _ now: Int64) {
    let worth = min(5_000, (entry.record.heartbeatTimeout ?? 20_000) / 4)
    guard now - (entry.record.lastHeartbeat ?? 0) >= worth else { return }
    let id = entry.id
    sessions.change(id) { $0.record.lastHeartbeat = now }
    record("somebody is at session \(id)") { (ledger) throws(AkoolError) in try ledger.beat(id, at: now) }
  }

  /// Closes a session whose heartbeats fail to come, unless another program has sent one.
  private func abandon(_ entry: OpenSession) async {
    let id = entry.id
    sessions.change(id) { $0.isLapsing = true }
    let call = internalCall("session.heartbeat", timeout: 2_000)
    defer { end(internal: call) }
    let beat = try? await ledger(call) { (ledger) throws(AkoolError) in try ledger.session(id)?.lastHeartbeat }
    sessions.change(id) { $0.isLapsing = false }
    defer { watchTime() }
    guard let current = sessions.entries[id], current.lastHeartbeat <= entry.lastHeartbeat else { return }
    var record = current.record
    if let beat { record.lastHeartbeat = max(beat, record.lastHeartbeat ?? 0) }
    if isHeartbeatAlive(record) {
      sessions.change(id) { $0.lastHeartbeat = heartbeatInstant(record) }
    } else {
      log(.warning, "no heartbeat came: closing the session", ["id": .string(id)])
      beginClosing(id, .abandoned)
    }
  }

  /// Whether somebody has been there recently enough, as the ledger knows.
  func isHeartbeatAlive(_ record: LedgerSession) -> Bool {
    guard let timeout = record.heartbeatTimeout else { return false }
    return serverNow < (record.lastHeartbeat ?? record.openedAt) + timeout
  }

  /// The last heartbeat on the clock since boot.
  func heartbeatInstant(_ record: LedgerSession) -> Instant {
    let age = max(0, serverNow - (record.lastHeartbeat ?? record.openedAt))
    let now = loop.clock.sinceBoot.nanoseconds
    return Instant(nanoseconds: now - min(now, UInt64(age) * 1_000_000))
  }
}
