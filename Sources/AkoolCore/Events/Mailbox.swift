/// Where a client's I/O thread leaves replies, events and log records, and where the host's threads find them.
///
/// Each reply is handed out exactly once, to whoever asks first: a waiting thread, the event stream, or the
/// callback it was submitted with.
final class Mailbox: @unchecked Sendable {
  // All of `state` is guarded by `lock`; the signal has its own guarantees; only the loop's thread touches `outbox`.
  let lock = Lock()
  let signal: EventSignal
  let courierChanged = Condition()
  let eventArrived = Condition()
  var state: MailboxState
  /// What the loop hands in during a turn, in its order: a lock and a thread switch for each of many replies
  /// would cost more than the replies.
  private var outbox: [Outgoing] = []

  private enum Outgoing {
    case reply(UInt64, Reply)
    case event(Event)
    case log(JSON)
  }

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

  // MARK: What the loop hands in

  /// Hands in the one reply of a request; a second one is ignored. On the loop's thread.
  func complete(_ request: UInt64, with reply: Reply) { outbox.append(.reply(request, reply)) }

  /// Hands in an event. On the loop's thread.
  func post(_ event: Event) { outbox.append(.event(event)) }

  /// Hands in a log record. On the loop's thread.
  func post(log record: JSON) { outbox.append(.log(record)) }

  /// Files what the turn of the loop has brought, and wakes the threads that wait for it.
  func finishTurn() {
    guard !outbox.isEmpty else { return }
    let wakeUps = lock.withLock { () -> WakeUps in
      for item in outbox { file(item) }
      refreshSignal()
      defer { state.wakeUps = WakeUps() }
      return state.wakeUps
    }
    outbox.removeAll(keepingCapacity: true)
    // Outside the lock, or the woken threads would run straight into it.
    for condition in wakeUps.waiting { condition.broadcast() }
    if wakeUps.courier { courierChanged.broadcast() }
    if wakeUps.events { eventArrived.broadcast() }
  }

  private func file(_ item: Outgoing) {
    switch item {
    case .reply(let request, let reply): file(reply, of: request)
    case .event(let event): file(event)
    case .log(let record): file(log: record)
    }
  }

  private func file(_ reply: Reply, of request: UInt64) {
    guard let slot = state.slots[request], slot.reply == nil else { return }
    slot.reply = reply
    switch slot.delivery {
    case .callback(let callback):
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

  private func file(_ event: Event) {
    guard !state.isClosed else { return }
    state.add(event)
    announceEvents()
  }

  private func file(log record: JSON) {
    guard state.logHandler != nil, state.pendingCallbacks < 10_000 else { return }
    state.addCallback(.log(record))
    state.wakeUps.courier = true
  }

  private func announceEvents() {
    if state.statusHandler != nil { state.wakeUps.courier = true } else { state.wakeUps.events = true }
  }

  // MARK: Events

  /// The descriptor that is readable while events wait.
  func watchSignal() -> Int32 {
    lock.withLock { signal.watch() }
    return signal.descriptor
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
