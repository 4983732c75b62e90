/// Sessions whose program died: they are found in the ledger, and closed.
extension ClientCore {
  /// Work on sessions that a new client begins by itself.
  func beginSessions() {
    if ledgerThread.isDurable, configuration.ledger.sweepsOnStart {
      spawn { await self.sweepOnStart() }
      enter([])
    }
  }

  private func sweepOnStart() async {
    let start = SweepAtStart()
    sweepAtStart = start
    let call = internalCall("session.sweep", timeout: configuration.timeout, isUrgent: true)
    do throws(AkoolError) {
      start.found = try await takeOverEstate(call)
    } catch {
      log(.error, "sessions of programs that died are not looked for: \(error.message)")
    }
    end(internal: call)
    start.finish()
  }

  /// `session.sweep`: returns when what was found is over, or the call's time.
  func sweep(_ call: CallContext) async throws(AkoolError) -> JSON {
    let earlier = try await findingsAtStart(call)
    let found = try await takeOverEstate(call).adding(earlier)
    var (swept, pending) = ([JSON](), [JSON]())
    for closing in found.closing {
      let id = JSON.string(closing.id)
      if await isSeenClosed(closing, call) { swept.append(id) } else { pending.append(id) }
    }
    for search in found.searches { await waitForVerdict(search, call) }
    return [
      "swept": .array(swept), "pending": .array(pending), "adopted": .array(found.adopted.map(JSON.string)),
      "searched": .integer(Int64(found.searches.count)),
    ]
  }

  /// What the sweep at the start has found: the first that asks hears of it.
  private func findingsAtStart(_ call: CallContext) async throws(AkoolError) -> SweepFindings {
    guard let start = sweepAtStart else { return SweepFindings() }
    do throws(Interruption) {
      if !start.isFinished { try await start.waiting.wait(call.scope) }
    } catch {
      throw self.error(error, call, during: "waiting for the sweep that began with the client")
    }
    defer { start.found = SweepFindings() }
    return start.found
  }

  /// Takes into this client's care what dead owners left open, and begins to close it.
  private func takeOverEstate(_ call: CallContext) async throws(AkoolError) -> SweepFindings {
    let (account, owner) = (account, owner.id)
    let estate = try await ledger(call) { (ledger) throws(AkoolError) in
      try ledger.takeOver(account, by: owner)
    }
    var found = SweepFindings()
    guard !isClosing, !estate.sessions.isEmpty || !estate.intents.isEmpty else { return found }
    // Whether somebody still is there is judged by the server's clock.
    try await learnServerTime(call)
    for var record in estate.sessions {
      record.owner = owner
      sessions.opened(OpenSession(record, lastHeartbeat: heartbeatInstant(record)))
      if record.state == .open, isHeartbeatAlive(record) {
        found.adopted.append(record.id)
      } else {
        found.closing.append(beginClosing(record.id, record.state == .closing ? .closed : .swept))
      }
    }
    watchTime()
    for var intent in estate.intents {
      intent.owner = owner
      found.searches.append(search(intent))
    }
    log(
      .warning, "programs that died left sessions open: closing them",
      ["sessions": .integer(Int64(estate.sessions.count)), "creates": .integer(Int64(estate.intents.count))])
    return found
  }

  /// Whether a session is seen to be over within a call's time.
  func isSeenClosed(_ closing: SessionClosing, _ call: CallContext) async -> Bool {
    if let isOver = closing.isOver { return isOver }
    guard let round = try? await closing.wait(call.scope), case .success = round.outcome else { return false }
    return true
  }

  private func waitForVerdict(_ search: LostCreate, _ call: CallContext) async {
    guard !search.hasVerdict else { return }
    try? await search.watching.wait(call.scope)
  }
}

/// What was left behind, and is being dealt with.
struct SweepFindings {
  var closing: [SessionClosing] = []
  var adopted: [String] = []
  var searches: [LostCreate] = []

  func adding(_ other: SweepFindings) -> SweepFindings {
    SweepFindings(
      closing: other.closing + closing, adopted: other.adopted + adopted, searches: other.searches + searches)
  }
}

/// The sweep that begins with a client. Lives on the event loop.
final class SweepAtStart {
  var found = SweepFindings()
  private(set) var isFinished = false
  let waiting = WaiterList<Void>()

  func finish() {
    isFinished = true
    waiting.resumeAll(())
  }
}
