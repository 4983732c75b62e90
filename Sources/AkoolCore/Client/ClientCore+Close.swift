/// The end of a client: sessions are closed, other requests end, nothing is left running.
extension ClientCore {
  /// `client.close`: everything but the request itself ends.
  func closeClient(_ call: CallContext) async -> JSON {
    let before = sessions.entries.count
    await closeEverything(except: call.request)
    let pending = sessions.entries.keys.sorted()
    return ["closed": .integer(Int64(before - pending.count)), "pending": .array(pending.map(JSON.string))]
  }

  /// For destroying: afterwards the loop may stop. What could not be closed is left to the ledger.
  func shutDown() async {
    await closeEverything(except: nil)
    isStopping = true
    watchTime()
    watchResources()
    background.stop()
    await waitUntilIdle()
    if ledgerThread.hasBegun {
      let id = owner.id
      record("a client has ended") { (ledger) throws(AkoolError) in try ledger.unregister(id) }
    }
    service.shutDown()
  }

  private func closeEverything(except request: UInt64?) async {
    isClosing = true
    for id in active.keys.sorted() where id != request { active[id]?.scope.interrupt(.shuttingDown) }
    for id in sessions.entries.keys.sorted() { beginClosing(id, .closed) }
    guard !isSettled else { return }
    let scope = Scope(loop, timeout: configuration.closeTimeout)
    _ =
      try? await scope.suspend { (resume: @escaping (()) -> Void) in
        whenSettled.append { resume(()) }
        return {}
      } as Void
    scope.end()
  }

  /// Whether nothing is open that this client could still close.
  private var isSettled: Bool { sessions.isEmpty && reconciler.isSettled }

  /// To be called whenever something of that may have changed.
  func noteSettling() {
    guard isSettled, !whenSettled.isEmpty else { return }
    let waiting = whenSettled
    whenSettled = []
    for resume in waiting { resume() }
  }

  /// Interrupted calls end within a turn of the loop or two.
  private func waitUntilIdle() async {
    guard !active.isEmpty || !background.isEmpty else { return }
    let idle = OneShot<Void>()
    onIdle = { idle.resolve(()) }
    await idle.value()
  }
}
