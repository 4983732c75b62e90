/// What must be in order before a session may be paid for: guards, the gate, and the intent in the ledger.
extension ClientCore {
  /// How often a full gate is asked again, in milliseconds: a slot may come free in another process.
  private static var gatePace: Int64 { 250 }

  func checkGuards(_ plan: SessionPlan) throws(AkoolError) {
    guard let most = configuration.spending.limits.sessionSeconds, plan.duration > most else { return }
    throw Self.limited(
      "session_seconds", "the session would last \(plan.duration) s, and limits.session_seconds is \(most)",
      ["limit": "session_seconds", "wanted": .integer(plan.duration), "maximum": .integer(most)])
  }

  func requireCredit(_ call: CallContext) async throws(AkoolError) {
    guard let least = configuration.spending.minimumCredit else { return }
    let envelope = try await service.send(AccountOperations.balance.request([:], .safe), call)
    guard let credit = envelope.data["credit"]?.double ?? envelope.data["credit"]?.string.flatMap(Double.init),
      credit < least
    else { return }
    mailbox.post(
      Event(
        .creditLow, ["credit": .number(credit), "min_credit": .number(least)], importance: .state(subject: "")))
    throw Self.limited(
      "min_credit", "the account has \(credit) credits, and limits.min_credit is \(least)",
      ["limit": "min_credit", "credit": .number(credit), "minimum": .number(least)])
  }

  /// Writes the intent down as soon as the limits allow it. Nothing is sent before that.
  func reserve(_ flight: SessionFlight, replacing lost: LedgerIntent?) async throws(AkoolError) -> LedgerIntent? {
    warnOfMemory()
    try await learnServerTime(flight.call)
    flight.undatedSince = service.clock.isKnown ? nil : loop.clock.sinceBoot
    let intent = intent(flight.plan, flight.call)
    do throws(AkoolError) {
      try await enterGate(intent, flight, replacing: lost)
      return intent
    } catch {
      // It may have been written while nobody waited any more.
      record("an intent was given up") { (ledger) throws(AkoolError) in
        try ledger.resolve(intent: intent.id, .refused, until: intent.from)
      }
      guard error.code == .localIO, !configuration.ledger.isRequired else { throw error }
      log(.warning, "a session is opened that the ledger does not know of: \(error.message)")
      return nil
    }
  }

  /// Once, at the first create.
  private func warnOfMemory() {
    guard !ledgerThread.isDurable, !hasWarnedOfMemory, !configuration.isSimulated else { return }
    hasWarnedOfMemory = true
    log(
      .warning,
      "the ledger is in memory: if this process dies, nobody closes its sessions. Set ledger.file to the path of a file."
    )
  }

  private func intent(_ plan: SessionPlan, _ call: CallContext) -> LedgerIntent {
    let now = serverNow
    return LedgerIntent(
      id: Hexadecimal.identifier(&random), owner: owner.id, account: account, avatarID: plan.avatarID,
      duration: plan.duration, streamType: plan.streamType, ownRoom: plan.ownRoom, tag: plan.tag,
      heartbeatTimeout: plan.heartbeatTimeout, from: now - ServerClock.uncertainty,
      until: now + call.scope.timeout + configuration.ledger.reconcileWindow)
  }

  private func enterGate(
    _ intent: LedgerIntent, _ flight: SessionFlight, replacing lost: LedgerIntent?
  ) async throws(AkoolError) {
    let limits = configuration.spending.limits
    let patience = flight.call.scope.now.adding(milliseconds: flight.plan.slotWait)
    var ticket: Int64?
    while true {
      let (number, now) = (ticket, serverNow)
      let answer = try await ledger(flight.call) { (ledger) throws(AkoolError) in
        try ledger.reserve(intent, limits, ticket: number, replacing: lost?.id, now: now)
      }
      switch answer {
      case .granted: return
      case .overspent(let span, let reserved, let limit):
        throw Self.overspent(span, reserved, limit, intent.duration)
      case .full(let number, let ahead, let open):
        ticket = number
        do throws(AkoolError) {
          try await waitForSlot(flight, until: patience, ahead, open)
        } catch {
          record("a place in the queue was given up") { (ledger) throws(AkoolError) in
            try ledger.withdraw(ticket: number)
          }
          throw error
        }
      }
    }
  }

  private func waitForSlot(
    _ flight: SessionFlight, until patience: Instant, _ ahead: Int64, _ open: Int64
  ) async throws(AkoolError) {
    guard flight.call.scope.now < patience else { throw full(open, ahead) }
    do throws(Interruption) { try await flight.call.scope.sleep(milliseconds: Self.gatePace) } catch {
      throw self.error(error, flight.call, during: "waiting for a free slot")
    }
  }

  private func full(_ open: Int64, _ ahead: Int64) -> AkoolError {
    let most = configuration.spending.limits.openSessions ?? 0
    return Self.limited(
      "open_sessions", "\(open) sessions are open, \(ahead) creates wait, and limits.open_sessions is \(most)",
      [
        "limit": "open_sessions", "open": .integer(open), "waiting": .integer(ahead), "maximum": .integer(most),
      ])
  }

  private static func overspent(_ span: String, _ reserved: Int64, _ limit: Int64, _ wanted: Int64) -> AkoolError {
    limited(
      "seconds_per_\(span)",
      "\(reserved) s are paid for within the \(span), \(wanted) more are wanted, and limits.seconds_per_\(span) is \(limit)",
      [
        "limit": .string("seconds_per_\(span)"), "reserved": .integer(reserved), "wanted": .integer(wanted),
        "maximum": .integer(limit),
      ])
  }

  private static func limited(_ name: String, _ message: String, _ details: JSON) -> AkoolError {
    AkoolError(
      .localLimit, message,
      hint: "Nothing was sent. Close sessions, wait (slot_wait_ms waits for a slot), or raise limits.\(name).",
      isRetryable: name != "session_seconds", details: details)
  }

  // MARK: Time

  /// The server's time, or ours as long as none is known.
  var serverNow: Int64 { service.clock.now(sinceBoot: loop.clock.sinceBoot) ?? loop.clock.wallMilliseconds }

  /// After a crash an intent without the server's time could not be told from other people's sessions.
  func learnServerTime(_ call: CallContext) async throws(AkoolError) {
    guard ledgerThread.isDurable, !service.clock.isKnown, !hasAskedForTime else { return }
    hasAskedForTime = true
    _ = try await service.send(SessionOperations.listing.request(["page": 1, "size": 1], .safe), call)
  }
}
