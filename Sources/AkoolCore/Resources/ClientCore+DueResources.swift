/// Knows which generated files are not saved yet, and warns before they are gone.
extension ClientCore {
  /// How long to sleep at most, in milliseconds: the loop's clock stands still while the machine sleeps.
  private static var slice: Int64 { 300_000 }

  /// Number of elements above which a result is searched off the loop.
  private static var mostForLoop: Int { 100 }
  /// Most files of one result that are written down.
  private static var mostNoticed: Int { 1_000 }

  /// Writes down the files that a result names. A result that names more than can be noticed at once keeps the rest:
  /// whoever asks for a smaller page has them noticed.
  func notice(filesOf data: JSON, _ operation: Operation, _ call: CallContext) async {
    let now = serverNow
    guard data["result"]?.array?.count ?? 0 > Self.mostForLoop else {
      return notice(operation.result.generated(in: data, now: now), operation.name)
    }
    let found = try? await service.offload(call, "searching a large reply") { _ in
      Array(operation.result.generated(in: data, now: now).filter { $0.isThere(now) }.prefix(Self.mostNoticed))
    }
    notice(found ?? [], operation.name)
  }

  /// Writes down the files that a result has named.
  func notice(_ found: [GeneratedResource], _ operation: String) {
    let now = serverNow
    var records: [LedgerResource] = []
    for resource in found where resource.isThere(now) && resources.meet(resource.url) {
      records.append(record(resource, operation, now))
    }
    if !records.isEmpty { enter(records) }
  }

  func record(_ resource: GeneratedResource, _ operation: String, _ now: Int64) -> LedgerResource {
    let address = ResourceAddress.of(resource.url)
    return LedgerResource(
      account: account, address: address, isSigned: address != resource.url, operation: operation, noticedAt: now,
      expiresAt: resource.expiresAt)
  }

  /// Writes files down, and learns which are not saved yet.
  func enter(_ records: [LedgerResource]) {
    guard !isStopping else { return }
    spawn { [self] in
      let call = internalCall("resource.list", timeout: configuration.timeout)
      do throws(AkoolError) {
        _ = try await dueResources(adding: records, call)
      } catch {
        log(.error, "the ledger does not know of \(records.count) generated files: \(error.message)")
      }
      end(internal: call)
    }
  }

  /// What is not saved yet, by the ledger: all of it, or as much as is kept in mind.
  func dueResources(
    adding records: [LedgerResource] = [], all: Bool = false, _ call: CallContext
  ) async throws(AkoolError) -> [LedgerResource] {
    let (account, now) = (account, serverNow)
    let due = try await ledger(call) { (ledger) throws(AkoolError) in
      let due = try ledger.dueResources(of: account, adding: records, now: now)
      return all ? due : Array(due.prefix(DueResources.limit))
    }
    resources.know(due: due)
    watchResources()
    return due
  }

  // MARK: Warnings

  /// To be called when there may be more, or less, to warn of.
  func watchResources() {
    if let timer = resources.timer { loop.cancel(timer) }
    resources.timer = nil
    guard !isStopping, let delay = resources.untilNextWarning(serverNow) else { return }
    resources.timer = loop.schedule(afterMilliseconds: min(Self.slice, max(1, delay))) { [unowned self] in
      assumeIsolated { core in
        core.resources.timer = nil
        core.warnOfResources()
        core.watchResources()
      }
    }
  }

  private func warnOfResources() {
    let addresses = resources.takeWarnings(serverNow)
    guard !addresses.isEmpty else { return }
    spawn { [self] in
      let call = internalCall("resource.list", timeout: configuration.timeout)
      do throws(AkoolError) {
        // Another program may have saved some of them by now.
        for resource in try await dueResources(call) where addresses.contains(resource.address) { warn(resource) }
      } catch {
        log(.error, "generated files are gone soon, but the ledger cannot be read: \(error.message)")
      }
      end(internal: call)
    }
  }

  private func warn(_ resource: LedgerResource) {
    mailbox.post(
      Event(
        .resourceExpiring,
        [
          "url": .string(resource.address), "operation": .string(resource.operation),
          "expires_at": .integer(resource.expiresAt), "seconds_left": .integer(resource.secondsLeft(serverNow)),
        ], importance: .state(subject: resource.address)))
  }

  // MARK: What became of it

  func note(saved request: ResourceRequest, _ copy: LedgerResource.Copy) {
    resources.forget(request.address)
    let resource = record(GeneratedResource(request.url, of: [:], now: serverNow), "resource.save", serverNow)
    record("\(request.address) is saved") { (ledger) throws(AkoolError) in try ledger.saved(resource, copy) }
  }

  /// What was begun is due; what is not there any more is gone.
  func note(failed request: ResourceRequest, _ error: AkoolError, hasBegun: Bool) {
    guard error.code == .resourceExpired else {
      if hasBegun { notice([GeneratedResource(request.url, of: [:], now: serverNow)], "resource.save") }
      return
    }
    resources.forget(request.address)
    let (account, address) = (account, request.address)
    record("\(address) is gone") { (ledger) throws(AkoolError) in try ledger.expired(address, of: account) }
  }
}
