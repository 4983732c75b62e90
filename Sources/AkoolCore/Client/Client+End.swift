/// The end of a client, bounded in time even if the server, the disk or a thread hangs.
extension Client {
  /// Time that the end may take besides `close_timeout_ms`, in milliseconds: less than what is promised, for a machine
  /// that is busy.
  private static var margin: Int64 { 750 }
  /// Part of it that is left for the threads.
  private static var marginOfThreads: Int64 { 400 }

  /// Closes the client's sessions within `close_timeout_ms`, ends every request with SHUTTING_DOWN, and returns when no
  /// callback can run any more: at most a second later, except that it waits for a callback that runs.
  ///
  /// - Throws: WRONG_THREAD inside a callback of this client; nothing has happened then.
  public func destroy() throws(AkoolError) {
    if mailbox.isInsideCallback { throw ClientErrors.wrongThread }
    guard end.begin() else { return }
    let deadline = Instant.now.adding(milliseconds: configuration.closeTimeout + Self.margin)
    beginShutDown()(deadline)
    mailbox.stopCourier()
    ProcessExit.unregister(self)
    end.finish()
  }

  /// - Returns: What waits for the end of the core, and then ends the threads, up to a deadline.
  private func beginShutDown() -> (_ deadline: Instant) -> Void {
    mailbox.beginClosing()
    let finished = Gate()
    onLoop { core in
      core.spawn {
        await core.shutDown()
        finished.open()
      }
    }
    return { [self] deadline in
      finished.wait(until: deadline.subtracting(milliseconds: Self.marginOfThreads))
      endThreads(until: deadline)
    }
  }

  /// A thread that does not end in time is left to itself. It keeps the client, which it may still use, until it ends.
  private func endThreads(until deadline: Instant) {
    core.worker.beginStop()
    core.disk.beginStop()
    let hasLoopEnded = loop.stopAndJoin(until: deadline, keeping: self)
    _ = core.ledgerThread.finish(until: deadline, keeping: self)
    core.worker.stop(until: deadline, keeping: self)
    core.disk.stop(until: deadline, keeping: self)
    if !hasLoopEnded { mailbox.failAll(ClientErrors.shuttingDown) }
  }
}

extension Client: ExitingClient {
  func beginExit() -> () -> Void {
    let now = Instant.now
    let deadline = now.adding(milliseconds: configuration.closeTimeout + Self.margin)
    guard end.begin() else { return { [end] in end.wait(until: deadline) } }
    mailbox.silence(until: now)
    let finish = beginShutDown()
    return { [mailbox] in
      mailbox.silence(until: now.adding(milliseconds: 200))
      finish(deadline)
    }
  }
}

/// Makes sure that a client ends once, and lets others wait for that.
final class ClientEnd: Sendable {
  private let state = Guarded(false)
  private let finished = Gate()

  /// Returns true for the first caller, which has to end the client.
  func begin() -> Bool {
    state.withLock { hasBegun in
      defer { hasBegun = true }
      return !hasBegun
    }
  }

  func finish() { finished.open() }
  func wait(until deadline: Instant) { finished.wait(until: deadline) }
}
