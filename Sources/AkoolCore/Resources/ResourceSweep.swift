/// What a sweep has done so far.
struct ResourceSweep {
  var saved: [JSON] = []
  var failed: [JSON] = []
  var expired: [JSON] = []
  var pending: [JSON] = []

  var json: JSON {
    ["saved": .array(saved), "failed": .array(failed), "expired": .array(expired), "pending": .array(pending)]
  }

  mutating func fail(_ address: String, _ error: AkoolError) {
    var row: JSONObject = [
      "url": .string(address), "code": .string(error.code.name), "message": .string(error.message),
    ]
    row["hint"] = error.hint.map(JSON.string)
    failed.append(.object(row))
  }
}

extension ClientCore {
  /// `resource.list`.
  func listResources(_ parameters: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    _ = try await dueResources(call)
    let (account, now) = (account, serverNow)
    let state = parameters["state"]?.string
    let horizon = parameters["expiring_within_ms"]?.integer.map { now + $0 }
    // On the ledger's thread: there may be many.
    let rows = try await ledger(call) { (ledger) throws(AkoolError) in
      try ledger.resources(of: account).filter { resource in
        if let state, resource.state.rawValue != state { return false }
        guard let horizon else { return true }
        return resource.state == .due && resource.expiresAt <= horizon
      }.map { $0.json(now) }
    }
    return ["result": .array(rows), "durable": .bool(ledgerThread.isDurable)]
  }

  /// `resource.sweep`: saves one after the other, what ends first before the others.
  func sweepResources(_ parameters: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    let urls = parameters["urls"]?.array?.compactMap(\.string) ?? []
    let now = serverNow
    for url in urls { _ = resources.meet(url) }
    let named = urls.map { record(GeneratedResource($0, of: [:], now: now), "resource.sweep", now) }
    let horizon = parameters["expiring_within_ms"]?.integer.map { now + $0 } ?? .max
    let wanted = Set(named.map(\.address))
    let waiting = try await dueResources(adding: named, all: true, call)
      .filter { $0.expiresAt <= horizon || wanted.contains($0.address) }
    var (sweep, next) = (ResourceSweep(), 0)
    while next < waiting.count, try await save(waiting[next], parameters, &sweep, call) == .goesOn { next += 1 }
    sweep.pending = waiting[next...].map { .string($0.address) }
    return sweep.json
  }

  private enum SweepStep { case goesOn, stops }

  private func save(
    _ resource: LedgerResource, _ parameters: JSONObject, _ sweep: inout ResourceSweep, _ call: CallContext
  ) async throws(AkoolError) -> SweepStep {
    guard let url = resources.url(resource) else {
      sweep.fail(resource.address, Self.unsigned)
      return .goesOn
    }
    var parameters = parameters
    parameters["url"] = .string(url)
    parameters["name"] = .string(try ResourceName.unique(for: resource.address))
    let request = ResourceRequest(parameters)
    do throws(AkoolError) {
      var row: JSONObject = ["url": .string(resource.address)]
      if let saved = try await saveResource(request, call).object { row.merge(saved) }
      sweep.saved.append(.object(row))
    } catch {
      switch error.code {
      case .alreadyExists: sweep.saved.append(try await alreadySaved(resource, request, call))
      case .resourceExpired: sweep.expired.append(.string(resource.address))
      case .timeout: return .stops
      case .localIO:
        if sweep.saved.isEmpty { throw error }
        sweep.fail(resource.address, error)
        return .stops
      case .cancelled, .shuttingDown: throw error
      default: sweep.fail(resource.address, error)
      }
    }
    return .goesOn
  }

  /// A save of the same name ran to its end, here or in another program, and the ledger did not hear of it.
  private func alreadySaved(
    _ resource: LedgerResource, _ request: ResourceRequest, _ call: CallContext
  ) async throws(AkoolError) -> JSON {
    let now = loop.clock.wallMilliseconds
    let copy = try await onDisk(call) { () throws(AkoolError) in
      LedgerResource.Copy(
        path: LocalPath.absolute(request.directory, request.name), digest: nil,
        bytes: LocalPath.size(request.path), savedAt: now)
    }
    note(saved: request, copy)
    let bytes = copy.bytes.map(JSON.integer) ?? .null
    return ["url": .string(resource.address), "path": .string(request.path), "bytes": bytes]
  }

  private static let unsigned = AkoolError(
    .resourceExpired, "resource.sweep: the URL had a signature, which the ledger does not keep",
    hint: "Ask for the file's record again, as with voice.resource_detail: the client then knows its URL.")
}

extension LedgerResource {
  /// How long after its time a file is still asked for, in milliseconds: our reckoning may be wrong.
  static let grace: Int64 = 86_400_000

  func secondsLeft(_ now: Int64) -> Int64 { max(0, (expiresAt - now) / 1000) }

  fileprivate func json(_ now: Int64) -> JSON {
    var object: JSONObject = ["url": .string(address), "signed": .bool(isSigned), "state": .string(state.rawValue)]
    object["operation"] = .string(operation)
    object["noticed_at"] = .integer(noticedAt)
    object["expires_at"] = .integer(expiresAt)
    object["seconds_left"] = .integer(secondsLeft(now))
    if let copy {
      object["path"] = .string(copy.path)
      object["sha256"] = copy.digest.map(JSON.string)
      object["bytes"] = copy.bytes.map(JSON.integer)
      object["saved_at"] = .integer(copy.savedAt)
    }
    return .object(object)
  }
}
