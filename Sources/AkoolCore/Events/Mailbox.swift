/// Where a client's I/O thread leaves replies, events and log records, and where the host's threads find them.
///
/// Each reply is handed out exactly once, to whoever asks first: a waiting thread, the event stream, or the
/// callback it was submitted with.
final class Mailbox: @unchecked Sendable {
  // All of `state` is guarded by `lock`; the signal has its own guarantees.
  let lock = Lock()
  let signal: EventSignal
  let courierChanged = Condition()
  let eventArrived = Condition()
  var state: MailboxState

  init(maximumRequests: Int, maximumEvents: Int) throws(AkoolError) {
    signal = try EventSignal()
    state = MailboxState(maximumRequests: maximumRequests, maximumEvents: maximumEvents)
  }

  // MARK: Requests

  /// Reserves the place of a reply and begins the request. Both under the lock, or a cancel could come to the loop
  /// before its request, and the end of the client between the two: that request would have no reply at all.
  func reserve(
    _ delivery: ReplyDelivery, tag: String?, begin: (UInt64) -> Void
  ) throws(AkoolError) -> UInt64 {
    try lock.withLock { () throws(AkoolError) in
      if state.isClosing { throw ClientErrors.shuttingDown }
      let request = try state.reserve(delivery, tag: tag)
      begin(request)
      return request
    }
  }

  /// Hands in the one reply of a request; a second one is ignored. Who waits is woken by `wakeWaiting`.
  func complete(_ request: UInt64, with reply: Reply) {
    lock.withLock {
      guard let slot = state.slots[request], slot.reply == nil else { return }
      slot.reply = reply
      file(slot)
    }
  }

  /// Wakes the threads for which something has come. The loop calls it once a turn: a thread switch for each
  /// of many replies would cost more than the replies.
  func wakeWaiting() {
    let wakeUps = lock.withLock { () -> WakeUps in
      guard state.wakeUps.isNeeded else { return state.wakeUps }
      defer { state.wakeUps = WakeUps() }
      refreshSignal()
      return state.wakeUps
    }
    // Outside the lock, or the woken threads would run straight into it.
    for condition in wakeUps.waiting { condition.broadcast() }
    if wakeUps.courier { courierChanged.broadcast() }
    if wakeUps.events { eventArrived.broadcast() }
  }

  /// The descriptor that is readable while events wait.
  func watchSignal() -> Int32 {
    lock.withLock { signal.watch() }
    return signal.descriptor
  }

  private func file(_ slot: RequestSlot) {
    switch slot.delivery {
    case .callback(let callback):
      guard let reply = slot.reply else { return }
      // The slot stays taken until the callback is handed out: that bounds what waits for a slow callback.
      state.addCallback(.reply(slot.id, reply, callback))
      state.wakeUps.courier = true
    case .event where slot.waiters == 0:
      state.add(replyOf: slot)
      announceEvents()
    case .event, .wait:
      if let condition = slot.condition { state.wakeUps.waiting.append(condition) }
    }
  }

  /// Waits for the reply of a request and takes it.
  func wait(_ request: UInt64, until deadline: Instant?) throws(AkoolError) -> Reply {
    try lock.withLock { () throws(AkoolError) in
      guard let slot = state.slots[request], slot.isWaitable else { throw ClientErrors.noSuchRequest(request) }
      while slot.reply == nil {
        guard waitOnce(slot, until: deadline) || slot.reply != nil else { throw ClientErrors.stillRunning(request) }
      }
      guard let reply = slot.reply, state.take(slot) else { throw ClientErrors.noSuchRequest(request) }
      refreshSignal()
      return reply
    }
  }

  private func waitOnce(_ slot: RequestSlot, until deadline: Instant?) -> Bool {
    let condition = slot.condition ?? Condition()
    slot.condition = condition
    slot.waiters += 1
    defer { slot.waiters -= 1 }
    return condition.wait(lock, until: deadline)
  }

  /// Whether a cancel has to be passed on: once for each request that has not ended.
  func takeCancel(_ request: UInt64) -> Bool {
    lock.withLock {
      guard let slot = state.slots[request], slot.reply == nil, !slot.isCancelled else { return false }
      slot.isCancelled = true
      return true
    }
  }

  // MARK: Events

  func post(_ event: Event) {
    lock.withLock {
      guard !state.isClosed else { return }
      state.add(event)
      announceEvents()
    }
  }

  /// The next event, or nil when none came in time.
  func nextEvent(until deadline: Instant?) throws(AkoolError) -> JSON? {
    try lock.withLock { () throws(AkoolError) in
      while true {
        if state.isClosing { throw ClientErrors.shuttingDown }
        if state.statusHandler != nil { throw ClientErrors.callbackTakesEvents }
        if let event = state.takeEvent() {
          refreshSignal()
          return event
        }
        guard eventArrived.wait(lock, until: deadline) else { return nil }
      }
    }
  }

  private func announceEvents() {
    if state.statusHandler != nil { state.wakeUps.courier = true } else { state.wakeUps.events = true }
  }

  /// With the lock held: the descriptor is readable while events wait for `nextEvent`.
  func refreshSignal() { signal.set(state.hasEvents && state.statusHandler == nil && !state.isClosing) }

  // MARK: End

  /// No request and no event is taken in any more; waiting threads wake.
  func beginClosing() {
    lock.withLock {
      state.isClosing = true
      eventArrived.broadcast()
      refreshSignal()
    }
  }
}
