/// Watching: many sessions with few requests.
extension ClientCore {
  /// Up to so many sessions are looked at one by one; for more, the list is cheaper.
  private static var fewSessions: Int { 4 }
  /// Number of changes that are reported at a time.
  private static var portion: Int { 250 }
  /// The least time between two requests, in milliseconds: watching must not be a load.
  fileprivate static var requestGap: Int64 { 200 }
  /// The longest wait between two rounds, in milliseconds; the shortest is `polling.initial_ms`.
  private static var longestPause: Int64 { 15_000 }
  /// How long after its creation a session may be missing in the list, in milliseconds.
  private static var listLag: Int64 { 30_000 }

  func watch(_ ids: [String], _ call: CallContext) async throws(AkoolError) -> JSON {
    watcher.add(ids)
    if !watcher.isEmpty, !watcher.isLooking {
      watcher.isLooking = true
      spawn { await self.lookUntilNothingIsWatched() }
    }
    watcher.pause?.interrupt(.cancelled)
    return ["watched": .integer(Int64(watcher.count))]
  }

  func unwatch(_ ids: [String]?) -> JSON {
    if let ids { for id in ids { watcher.remove(id) } } else { watcher.removeAll() }
    if watcher.isEmpty { watcher.pause?.interrupt(.cancelled) }
    return ["watched": .integer(Int64(watcher.count))]
  }

  private func lookUntilNothingIsWatched() async {
    var pace = PollingPace(PollingSettings(initial: configuration.polling.initial, maximum: Self.longestPause))
    while !watcher.isEmpty, !isClosing {
      let call = internalCall("session.watch", timeout: .max / 2_000_000)
      do throws(AkoolError) {
        if try await look(call) { pace.restart() }
      } catch {
        log(.warning, "watched sessions cannot be looked at: \(error.message)")
      }
      end(internal: call)
      guard !watcher.isEmpty, !isClosing else { break }
      await pauseWatching(pace.next())
    }
    watcher.isLooking = false
  }

  private func pauseWatching(_ delay: Int64) async {
    let call = internalCall("session.watch", timeout: delay + 1_000)
    watcher.pause = call.scope
    try? await call.scope.sleep(milliseconds: delay)
    watcher.pause = nil
    end(internal: call)
  }

  /// One round; true when something has changed.
  private func look(_ call: CallContext) async throws(AkoolError) -> Bool {
    var hasChanged = false
    var unseen = Array(watcher.statuses.keys)
    if unseen.count > Self.fewSessions {
      var listed: Set<String> = []
      for status in [1, 2] as [Int64] {
        hasChanged = try await lookThroughList(status, &listed, call) || hasChanged
      }
      let now = serverNow
      unseen = unseen.filter { id in
        !listed.contains(id) && (ObjectID.creation(id).map { now > $0 + Self.listLag } ?? true)
      }
    }
    for id in unseen where watcher.statuses[id] != nil {
      hasChanged = try await lookOne(id, call) || hasChanged
      try await breathe(call)
    }
    return hasChanged
  }

  private func lookThroughList(
    _ status: Int64, _ listed: inout Set<String>, _ call: CallContext
  ) async throws(AkoolError) -> Bool {
    var hasChanged = false
    var (page, count) = (Int64(1), 0)
    while page <= 10_000 {
      let request = SessionOperations.listing.request(
        ["page": .integer(page), "size": 100, "status": .integer(status)], .safe)
      let sight = try await sight(of: request, listed, call)
      guard let seen = sight.value else { break }
      (listed, count) = (seen.listed, count + seen.count)
      hasChanged = try await note(sight, call) || hasChanged
      try await breathe(call)
      if seen.count == 0 || seen.total == Int64(count) { break }
      page += 1
    }
    return hasChanged
  }

  /// Finds the watched sessions of a page.
  private func sight(
    of request: EndpointRequest, _ listed: Set<String>, _ call: CallContext
  ) async throws(AkoolError) -> WorkOutcome<SessionWatcher.Sight> {
    let (sight, statuses) = (WorkOutcome<SessionWatcher.Sight>(), watcher.statuses)
    try await page(request, call, SessionNormaliser.normalise) { page, _ in
      sight.value = SessionWatcher.Sight(page, statuses, listed)
    }
    return sight
  }

  /// Reports the changes, in portions: others use the loop between them.
  private func note(
    _ sight: WorkOutcome<SessionWatcher.Sight>, _ call: CallContext
  ) async throws(AkoolError) -> Bool {
    var (hasChanged, told) = (false, 0)
    while let session = sight.value?.changed.popLast() {
      hasChanged = noteLook(session["_id"]?.string ?? "", session) || hasChanged
      told += 1
      if told.isMultiple(of: Self.portion) { try await breathe(call, milliseconds: 1) }
    }
    return hasChanged
  }

  private func lookOne(_ id: String, _ call: CallContext) async throws(AkoolError) -> Bool {
    do throws(AkoolError) {
      let envelope = try await service.send(SessionOperations.detailing.request(["id": .string(id)], .safe), call)
      return noteLook(id, try SessionNormaliser.session(envelope.data, SessionOperations.detailing))
    } catch {
      guard let code = error.akoolCode, Self.gone.contains(code) else { throw error }
      return noteLook(id, ["_id": .string(id), "status": 3, "state": "ended"])
    }
  }

  private func breathe(_ call: CallContext, milliseconds: Int64 = requestGap) async throws(AkoolError) {
    do throws(Interruption) { try await call.scope.sleep(milliseconds: milliseconds) } catch {
      throw self.error(error, call, during: "watching sessions")
    }
  }

  /// Tells what has changed.
  private func noteLook(_ id: String, _ session: JSONObject) -> Bool {
    guard let status = Normaliser.number(session["status"]), watcher.note(id, status) else { return false }
    var event: JSONObject = ["id": .string(id), "status": .integer(status)]
    event["state"] = session["state"]
    mailbox.post(Event(.sessionStateChanged, event, importance: .state(subject: id)))
    if Self.isOver(session) { noteEnd(id, hasFailed: status == 4) }
    return true
  }

  /// A watched session is over. Of one that is being closed, the closing tells.
  private func noteEnd(_ id: String, hasFailed: Bool) {
    watcher.remove(id)
    let reason = hasFailed ? LedgerEnd.Reason.failed : .remote
    if sessions.entries[id] != nil {
      if sessions.closings[id] == nil { didEnd(id, reason) }
    } else {
      mailbox.post(Event(.sessionEnded, ["id": .string(id), "reason": .string(reason.rawValue)]))
    }
  }
}
