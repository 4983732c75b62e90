/// Waiting for one reply. A wait ends by the caller's deadline, and by the slot's, even if the loop stands still.
extension Mailbox {
  private enum WaitOutcome {
    case reply(Reply)
    case stillRunning
    case noSuchRequest
    /// `isFirst` is true for the thread that detached the request.
    case detached(mayHaveBeenSent: Bool, isFirst: Bool, wasCancelled: Bool)
  }

  /// Waits for the reply of a request and takes it.
  ///
  /// - Parameters:
  ///   - request: The number of the request.
  ///   - deadline: End of the caller's own waiting time; nil for the deadline of the request alone.
  /// - Throws: NOT_FOUND for an unknown request or one whose reply was handed out. TIMEOUT when the caller's time has
  ///   passed and the request still runs. When the deadline of the request has passed, it is detached: TIMEOUT, or
  ///   OUTCOME_UNKNOWN if a paid request may have been sent. So it is some time after a cancel: the reply is CANCELLED,
  ///   or OUTCOME_UNKNOWN is thrown.
  func wait(_ request: UInt64, until deadline: Instant?) throws(AkoolError) -> Reply {
    switch lock.withLock({ waitLocked(request, until: deadline) }) {
    case .reply(let reply): return reply
    case .stillRunning: throw ClientErrors.stillRunning(request)
    case .noSuchRequest: throw ClientErrors.noSuchRequest(request)
    case .detached(let mayHaveBeenSent, let isFirst, let wasCancelled):
      if isFirst { onDetach?(request) }
      if mayHaveBeenSent { throw ClientErrors.unansweredPaid(request) }
      guard wasCancelled else { throw ClientErrors.unanswered(request) }
      return Reply.failure(ClientErrors.cancelledUnanswered(request), meta: [:], raw: nil)
    }
  }

  private func waitLocked(_ request: UInt64, until deadline: Instant?) -> WaitOutcome {
    guard let slot = state.slots[request], slot.isWaitable else { return .noSuchRequest }
    if case .detached = slot.stage { return .noSuchRequest }
    while true {
      if let outcome = outcome(of: slot, until: deadline) { return outcome }
      waitOnce(slot, until: Self.earlier(deadline, Self.earlier(slot.deadline, slot.endOfCancel)))
    }
  }

  /// Nil while the thread has to wait on.
  private func outcome(of slot: RequestSlot, until deadline: Instant?) -> WaitOutcome? {
    switch slot.stage {
    case .replied(let reply, _):
      state.take(slot)
      refreshSignal()
      return .reply(reply)
    case .taken: return .noSuchRequest
    case .detached:
      return .detached(
        mayHaveBeenSent: slot.paid?.mayHaveBeenSent ?? false, isFirst: false, wasCancelled: slot.endOfCancel != nil)
    case .running, .cancelling: return timeOut(of: slot, until: deadline)
    }
  }

  private func timeOut(of slot: RequestSlot, until deadline: Instant?) -> WaitOutcome? {
    let now = Instant.now
    if let limit = Self.earlier(slot.deadline, slot.endOfCancel), limit <= now { return detach(slot) }
    if let deadline, deadline <= now { return .stillRunning }
    return nil
  }

  private func detach(_ slot: RequestSlot) -> WaitOutcome {
    slot.stage = .detached
    slot.condition?.broadcast()
    return .detached(
      mayHaveBeenSent: slot.paid?.abandon() ?? false, isFirst: true, wasCancelled: slot.endOfCancel != nil)
  }

  private static func earlier(_ first: Instant?, _ second: Instant?) -> Instant? {
    guard let first, let second else { return first ?? second }
    return min(first, second)
  }

  private func waitOnce(_ slot: RequestSlot, until deadline: Instant?) {
    let condition = slot.condition ?? Condition()
    slot.condition = condition
    slot.waiters += 1
    defer { slot.waiters -= 1 }
    condition.wait(lock, until: deadline)
  }
}

extension Mailbox {
  /// Ends every request that has no reply yet, where the loop can no longer do it.
  func failAll(_ error: AkoolError) {
    let reply = Reply.failure(error, meta: [:], raw: nil)
    let now = time.wallMilliseconds
    let wakeUps = lock.withLock { () -> WakeUps in
      for request in state.slots.keys.sorted() { file(reply, of: request, now) }
      refreshSignal()
      defer { state.wakeUps = WakeUps() }
      return state.wakeUps
    }
    wake(wakeUps)
  }
}
