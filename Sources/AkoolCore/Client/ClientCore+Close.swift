/// The end of a client: sessions are closed, other requests end, nothing is left running.
extension ClientCore {
  /// `client.close`: everything but the request itself ends.
  func closeClient(_ call: CallContext) async -> JSON {
    let before = sessions.entries.count
    await closeEverything(except: call.request)
    let pending = sessions.entries.keys.sorted()
    return ["closed": .integer(Int64(before - pending.count)), "pending": .array(pending.map(JSON.string))]
  }

  /// For destroying: afterwards the loop may stop.
  func shutDown() async {
    await closeEverything(except: nil)
    await waitUntilIdle()
    transport.shutDown()
  }

  private func closeEverything(except request: UInt64?) async {
    isClosing = true
    for (id, call) in active where id != request { call.scope.interrupt(.shuttingDown) }
    guard !sessions.isEmpty else { return }
    let scope = Scope(loop, timeout: configuration.closeTimeout)
    for id in sessions.entries.keys.sorted() { spawn { await self.closeForGood(id) } }
    _ =
      try? await scope.suspend { (resume: @escaping (()) -> Void) in
        onSessionsClosed = { resume(()) }
        return {}
      } as Void
    scope.end()
    onSessionsClosed = nil
  }

  private func closeForGood(_ id: String) async {
    let call = internalCall("session.close", timeout: max(1, configuration.closeTimeout))
    defer { call.scope.end() }
    do throws(AkoolError) {
      _ = try await closeSession(id, call)
    } catch {
      reportPending(id, error)
    }
  }

  /// Interrupted calls end within a turn of the loop or two.
  private func waitUntilIdle() async {
    guard !active.isEmpty else { return }
    let idle = OneShot<Void>()
    onIdle = { idle.resolve(()) }
    await idle.value()
  }
}
