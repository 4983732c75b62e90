/// Finding out what became of creates whose reply is lost.
///
/// Nothing is repeated blindly: the list of open sessions tells. What certainly is of a lost create is handed to its
/// caller or closed; what may be somebody else's is never touched.
extension ClientCore {
  /// Looks for the session of a create whose reply is lost.
  ///
  /// - Returns: The session, or nil when there is none and another may be created.
  /// - Throws: OUTCOME_UNKNOWN with the candidates. The search goes on in the background whatever the answer is.
  func lookFor(
    _ intent: LedgerIntent, _ flight: SessionFlight, _ failure: AkoolError, isLast: Bool
  ) async throws(AkoolError) -> JSONObject? {
    let search = search(intent)
    search.undatedSince = flight.undatedSince
    if flight.isAbandoned { throw failure }
    flight.lost = (search, failure)
    let verdict: LostCreate.Verdict
    do throws(Interruption) {
      verdict = try await flight.call.scope.suspend { (resume: @escaping (LostCreate.Verdict) -> Void) in
        search.wait(resume)
        return { search.leave() }
      }
    } catch {
      throw self.error(error, flight.call, during: "looking for the session of a create whose reply was lost")
    }
    flight.lost = nil
    switch verdict {
    case .found(let session):
      let result = opened(session, flight, intent: intent)
      await settle(result, intent)
      return result
    case .absent where isLast || !ownsAccount: throw unknown(failure, intent, [])
    case .absent: return nil
    case .uncertain(let candidates): throw unknown(failure, intent, candidates)
    }
  }

  /// Begins to look for the session of a create that nobody waits for.
  @discardableResult
  func search(_ intent: LedgerIntent) -> LostCreate {
    var intent = intent
    intent.until = serverNow + configuration.ledger.reconcileWindow
    intent.state = .lost
    let search = LostCreate(
      intent, now: loop.clock.sinceBoot, settle: configuration.ledger.reconcileSettle,
      window: configuration.ledger.reconcileWindow)
    reconciler.begin(search)
    if !reconciler.isScanning {
      reconciler.isScanning = true
      spawn { await self.scanUntilNothingIsLost() }
    }
    return search
  }

  /// Whether sessions that no ledger of this client knows cannot be anybody's but this client's.
  private var ownsAccount: Bool { configuration.ownership != .shared }

  func unknown(_ failure: AkoolError, _ intent: LedgerIntent, _ candidates: [JSON]) -> AkoolError {
    var error = AkoolError(
      .outcomeUnknown, "\(failure.message); \(candidates.count) sessions in the list may be of it",
      hint: candidates.isEmpty
        ? "No session of it has appeared, but one may be open. It is looked for in the background: session.reconciled tells."
        : "Look at the candidates and close those that are yours. With \"account\": \"ledger\" or \"exclusive\", or with "
          + "your own room, libakool can tell by itself.",
      details: ["outcome": "unknown", "intent": .string(intent.id), "candidates": .array(candidates)])
    error.httpStatus = failure.httpStatus
    return error
  }

  // MARK: Scanning

  private func scanUntilNothingIsLost() async {
    var pace = PollingPace(PollingSettings(initial: 250, maximum: 5_000))
    var slowPace = PollingPace(PollingSettings(initial: 500, maximum: 30_000))
    while !reconciler.searches.isEmpty, !isStopping {
      let began = loop.clock.sinceBoot
      let call = internalCall("session.reconcile", timeout: configuration.timeout, isUrgent: true)
      do throws(AkoolError) {
        let scan = try await scan(call)
        judge(scan, began)
        slowPace.restart()
        end(internal: call)
        await pauseScanning(pace.next())
      } catch {
        log(.warning, "the list of sessions cannot be searched for a lost create: \(error.message)")
        giveUpWhatHasRunOut()
        end(internal: call)
        await pauseScanning(slowPace.next())
      }
    }
    reconciler.isScanning = false
    noteSettling()
  }

  private func pauseScanning(_ delay: Int64) async {
    guard !reconciler.searches.isEmpty else { return }
    let now = loop.clock.sinceBoot
    let settles = reconciler.searches.filter { !$0.hasVerdict }.map { $0.settledAt.milliseconds(after: now) + 1 }
    let delay = min(delay, max(50, settles.min() ?? delay))
    let call = internalCall("session.reconcile", timeout: delay + 1_000)
    reconciler.pause = call.scope
    try? await call.scope.sleep(milliseconds: delay)
    reconciler.pause = nil
    end(internal: call)
  }

  /// What the list shows that nobody who shares the ledger has opened.
  private struct Scan {
    var strangers: [ListedSession] = []
    /// Creates that are under way: a stranger may be of one of them.
    var underWay: [LedgerIntent] = []
  }

  private func scan(_ call: CallContext) async throws(AkoolError) -> Scan {
    // What is under way is read before the list and what is known after it: a session that is opened meanwhile is
    // then of a create under way, or known.
    let (account, searched) = (account, Set(reconciler.searches.map(\.intent.id)))
    let underWay = try await ledger(call) { (ledger) throws(AkoolError) in try ledger.openIntents(account) }
    let listed = try await listOpenSessions(call)
    dateSearches()
    let ids = listed.map(\.id)
    let known = try await ledger(call) { (ledger) throws(AkoolError) in try ledger.known(ids) }
    return Scan(
      strangers: listed.filter { !known.contains($0.id) && sessions.entries[$0.id] == nil },
      underWay: underWay.filter { $0.state == .open && !searched.contains($0.id) })
  }

  /// The list's `Date` has told the server's time: what was dated by our own calendar is dated anew.
  private func dateSearches() {
    let now = loop.clock.sinceBoot
    guard let server = service.clock.now(sinceBoot: now) else { return }
    for search in reconciler.searches {
      guard let since = search.undatedSince else { continue }
      search.undatedSince = nil
      search.intent.from = server - now.milliseconds(after: since) - ServerClock.uncertainty
      search.intent.until = server + configuration.ledger.reconcileWindow
    }
  }

  /// The open sessions of the account, as AKOOL lists them.
  func listOpenSessions(_ call: CallContext) async throws(AkoolError) -> [ListedSession] {
    var found: [ListedSession] = []
    // In this order: a session that goes from one status to the other meanwhile is seen.
    for status in [1, 2] as [Int64] { try await collect(status, &found, call) }
    return found
  }

  private func collect(
    _ status: Int64, _ found: inout [ListedSession], _ call: CallContext
  ) async throws(AkoolError) {
    var page: Int64 = 1
    let size: Int64 = 100
    var seen = 0
    while page <= 1_000 {
      let request = SessionOperations.listing.request(
        ["page": .integer(page), "size": .integer(size), "status": .integer(status)], .safe)
      let answer = try await self.page(request, call, SessionNormaliser.normalise)
      let listed = answer["result"]?.array ?? []
      found += listed.compactMap { $0.object.flatMap(ListedSession.init) }.filter { !Self.isOver($0.object) }
      seen += listed.count
      // A page may hold less than was asked for: only an empty one, or the count, tells the end.
      if listed.isEmpty || answer["count"]?.integer == Int64(seen) { return }
      page += 1
    }
  }

  // MARK: Judging

  private func judge(_ scan: Scan, _ began: Instant) {
    var strangers = scan.strangers
    for search in reconciler.searches {
      let mayBe = strangers.filter { $0.mayBe(of: search.intent) }
      let isBlocked = mayBe.contains { session in scan.underWay.contains { session.mayBe(of: $0) } }
      if let own = mayBe.first(where: { isOurs($0, search.intent, scan) }) {
        strangers.removeAll { $0.id == own.id }
        claim(own, search)
        continue
      }
      for session in mayBe { search.candidates[session.id] = session.candidate }
      if mayBe.isEmpty || !isBlocked { conclude(search, mayBe, began) }
    }
    noteSettling()
  }

  /// Whether it is certain that a session is of a lost create of this client's.
  private func isOurs(_ session: ListedSession, _ intent: LedgerIntent, _ scan: Scan) -> Bool {
    guard session.isCertainly(of: intent) || ownsAccount else { return false }
    return !scan.underWay.contains { session.mayBe(of: $0) }
  }

  /// Hands a session to whoever waits for it, if it can be joined, or closes it.
  private func claim(_ session: ListedSession, _ search: LostCreate) {
    reconciler.end(search)
    if search.isAwaited, session.isCertainly(of: search.intent) {
      report(search, "adopted", [session.id])
      search.tell(.found(session.object))
      return
    }
    take(session, search.intent)
    report(search, "closed", [session.id])
    awaitEnd(of: beginClosing(session.id, .reconciled), search)
  }

  /// Only when the session is over the avatar is free, and another one no surplus.
  private func awaitEnd(of closing: SessionClosing, _ search: LostCreate) {
    closing.watch { [self] round in
      if case .success = round.outcome { search.tell(.absent) } else { awaitEnd(of: closing, search) }
    }
  }

  /// Takes a session of a lost create into this client's care, to be closed.
  private func take(_ session: ListedSession, _ intent: LedgerIntent) {
    let opened = max(intent.from, ObjectID.creation(session.id) ?? intent.from)
    var record = LedgerSession(
      id: session.id, intent: intent.id, owner: owner.id, account: account, avatarID: intent.avatarID, tag: intent.tag,
      openedAt: opened, duration: intent.duration, heartbeatTimeout: nil, lastHeartbeat: nil)
    record.state = .closing
    sessions.opened(OpenSession(record, lastHeartbeat: loop.clock.sinceBoot))
    let written = record
    self.record("session \(session.id) was found") { (ledger) throws(AkoolError) in try ledger.settle(written) }
  }

  /// No session of it is in the list, or none that certainly is.
  private func conclude(_ search: LostCreate, _ mayBe: [ListedSession], _ began: Instant) {
    if began >= search.settledAt, !search.hasVerdict {
      search.tell(mayBe.isEmpty ? .absent : .uncertain(mayBe.prefix(LostCreate.mostCandidates).map(\.candidate)))
    }
    guard began >= search.lookedForUntil else { return }
    reconciler.end(search)
    let ids = search.candidates.keys.sorted()
    let state = ids.isEmpty ? LedgerIntent.State.vanished : .unknown
    let (intent, now) = (search.intent.id, serverNow)
    record("a lost create was looked for") { (ledger) throws(AkoolError) in
      try ledger.resolve(intent: intent, state, until: now)
    }
    report(search, ids.isEmpty ? "none" : "candidates", ids)
  }

  /// The list could not be read for so long that a session of it has run out by itself.
  private func giveUpWhatHasRunOut() {
    // Where nothing could be taken for certain the caller need not wait for the list.
    for search in reconciler.searches
    where !ownsAccount && search.intent.ownRoom == nil && !search.hasVerdict
      && loop.clock.sinceBoot >= search.settledAt
    {
      search.tell(.uncertain(search.listedCandidates))
    }
    for search in reconciler.searches
    where serverNow > search.intent.until + search.intent.duration * 1000 + Self.certainty {
      reconciler.end(search)
      let (intent, now) = (search.intent.id, serverNow)
      record("a lost create was looked for in vain") { (ledger) throws(AkoolError) in
        try ledger.resolve(intent: intent, .unknown, until: now)
      }
      report(search, "unknown", search.candidates.keys.sorted())
      search.tell(.uncertain(search.listedCandidates))
    }
  }

  private func report(_ search: LostCreate, _ outcome: String, _ ids: [String]) {
    var event: JSONObject = [
      "intent": .string(search.intent.id), "avatar_id": .string(search.intent.avatarID), "outcome": .string(outcome),
      "ids": .array(ids.prefix(LostCreate.mostCandidates).map(JSON.string)),
    ]
    event["tag"] = search.intent.tag.map(JSON.string)
    mailbox.post(Event(.sessionReconciled, event))
    log(.warning, "a create whose reply was lost: \(outcome)", ["intent": .string(search.intent.id)])
  }
}
