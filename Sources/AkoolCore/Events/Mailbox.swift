internal import CLinux

/// The replies, events and log records of a client, between its I/O thread and the host's threads.
///
/// Each reply is handed out exactly once: to the first waiting thread, to the event stream, or to the callback of its
/// request.
final class Mailbox: @unchecked Sendable {
  // `state` and the slots are guarded by `lock`; so is the signal. Only the loop's thread touches `outbox`. The hooks
  // are set before the first request.
  let lock = Lock()
  let signal: EventSignal
  let courierChanged = Condition()
  let callbackEnded = Condition()
  let eventArrived = Condition()
  var state: MailboxState
  let time: any TimeSource
  /// Called on a caller's thread when it returned at the deadline of its request: the loop should cancel the request.
  var onDetach: (@Sendable (_ request: UInt64) -> Void)?
  /// Called on the loop's thread with the reply of a detached request: a session in it belongs to no caller.
  var onUndeliverable: (@Sendable (_ request: UInt64, _ reply: Reply) -> Void)?
  /// The replies, events and log records of one turn of the loop, in its order: one lock and one wake-up for all.
  private var outbox: [Outgoing] = []

  private enum Outgoing {
    case reply(UInt64, Reply)
    case event(Event, at: Int64)
    case log(JSON)
  }

  init(maximumRequests: Int, maximumEvents: Int, time: any TimeSource) throws(AkoolError) {
    signal = try EventSignal()
    state = MailboxState(maximumRequests: maximumRequests, maximumEvents: maximumEvents)
    self.time = time
  }

  /// Number of requests at a time from which malloc keeps much memory that the host has no use for.
  private static let many = 1_000

  /// The last that goes of a client.
  deinit {
    guard state.mostRequests >= Self.many else { return }
    state = MailboxState(maximumRequests: 0, maximumEvents: 0)
    outbox = []
    akool_trim_memory()
  }

  /// Number of replies, events and log records that the outbox has memory for.
  var outboxCapacity: Int { outbox.capacity }

  // MARK: Requests

  /// Reserves the place of a reply and begins the request.
  ///
  /// `begin` runs under the lock: a cancel, or the end of the client, must not reach the loop before its request.
  ///
  /// - Parameters:
  ///   - deadline: Latest moment at which a thread waits for the reply, on the system's monotonic clock.
  ///   - paid: For a paid request, the object that the loop marks when it sends the request.
  func reserve(
    _ delivery: ReplyDelivery, tag: String?, deadline: Instant? = nil, paid: PaidProgress? = nil,
    begin: (UInt64) -> Void
  ) throws(AkoolError) -> UInt64 {
    try lock.withLock { () throws(AkoolError) in
      if state.isClosing { throw ClientErrors.shuttingDown }
      let request = try state.reserve(delivery, tag: tag, deadline: deadline, paid: paid)
      begin(request)
      return request
    }
  }

  /// Sets the deadline of a request that was reserved without one, and applies it to threads that wait already.
  func setDeadline(_ deadline: Instant, of request: UInt64) {
    lock.withLock {
      guard let slot = state.slots[request] else { return }
      slot.deadline = deadline
      slot.condition?.broadcast()
    }
  }

  /// Time that the loop has to end a cancelled request before the threads that wait for it go on, in milliseconds.
  private static let cancelTime: Int64 = 500

  /// Returns true if a cancel has to be passed on: once for each request that has not ended.
  func takeCancel(_ request: UInt64) -> Bool {
    lock.withLock {
      guard let slot = state.slots[request], case .running = slot.stage else { return false }
      slot.stage = .cancelling
      slot.endOfCancel = Instant.now.adding(milliseconds: Self.cancelTime)
      slot.condition?.broadcast()
      return true
    }
  }

  // MARK: From the loop

  /// Hands in the one reply of a request; a second one is ignored. On the loop's thread.
  func complete(_ request: UInt64, with reply: Reply) { outbox.append(.reply(request, reply)) }

  /// Hands in an event, at its own time or now. On the loop's thread.
  func post(_ event: Event) { outbox.append(.event(event, at: event.at ?? time.wallMilliseconds)) }

  /// Hands in a log record. On the loop's thread.
  func post(log record: JSON) { outbox.append(.log(record)) }

  /// Publishes the results of a turn of the loop, and wakes the threads that wait for them. On the loop's thread.
  func finishTurn() {
    // A hook may hand in more.
    while !outbox.isEmpty { wake(publish()) }
  }

  private func publish() -> WakeUps {
    let now = time.wallMilliseconds
    let wakeUps = lock.withLock { () -> WakeUps in
      for item in outbox { file(item, now) }
      refreshSignal()
      defer { state.wakeUps = WakeUps() }
      return state.wakeUps
    }
    outbox.removeAll(keepingCapacity: !Memory.isWasted(capacity: outbox.capacity, count: outbox.count))
    return wakeUps
  }

  /// Outside the lock, or the woken threads would have to wait for it.
  func wake(_ wakeUps: WakeUps) {
    for condition in wakeUps.waiting { condition.broadcast() }
    if wakeUps.courier { courierChanged.broadcast() }
    if wakeUps.events { eventArrived.broadcast() }
    for (request, reply) in wakeUps.undeliverable { onUndeliverable?(request, reply) }
  }

  private func file(_ item: Outgoing, _ now: Int64) {
    switch item {
    case .reply(let request, let reply): file(reply, of: request, now)
    case .event(let event, let at): file(event, at)
    case .log(let record): file(log: record, now)
    }
  }

  func file(_ reply: Reply, of request: UInt64, _ now: Int64) {
    guard let slot = state.slots[request] else { return }
    switch slot.stage {
    case .running, .cancelling:
      slot.stage = .replied(reply, at: now)
      deliver(reply, slot, now)
    case .detached:
      state.forget(slot)
      state.wakeUps.undeliverable.append((request, reply))
    case .replied, .taken: break
    }
  }

  private func deliver(_ reply: Reply, _ slot: RequestSlot, _ now: Int64) {
    switch slot.delivery {
    case .callback(let callback):
      // The slot is freed when the callback runs: `max_requests` bounds the replies that a slow callback has before it.
      state.addCallback(.reply(slot, reply, callback))
      state.wakeUps.courier = true
    case .event where slot.waiters == 0:
      state.add(replyOf: slot, at: now)
      announceEvents()
    case .event, .wait:
      if let condition = slot.condition { state.wakeUps.waiting.append(condition) }
    }
  }

  private func file(_ event: Event, _ at: Int64) {
    guard !state.isClosed else { return }
    state.add(event, at: at)
    announceEvents()
  }

  private func file(log record: JSON, _ now: Int64) {
    guard state.logHandler != nil else { return }
    state.add(log: record, at: now)
    state.wakeUps.courier = true
  }

  private func announceEvents() {
    if state.statusHandler != nil { state.wakeUps.courier = true } else { state.wakeUps.events = true }
  }

  // MARK: Events

  /// The descriptor that is readable while events are queued.
  func watchSignal() -> Int32 {
    lock.withLock { signal.watch() }
    return signal.descriptor
  }

  /// The next event, or nil when none came by the deadline.
  func nextEvent(until deadline: Instant?) throws(AkoolError) -> JSON? {
    try lock.withLock { () throws(AkoolError) in
      while true {
        if state.isClosing { throw ClientErrors.shuttingDown }
        if state.statusHandler != nil { throw ClientErrors.callbackTakesEvents }
        if let event = state.takeEvent() {
          refreshSignal()
          return event
        }
        if let deadline, deadline <= .now { return nil }
        eventArrived.wait(lock, until: deadline)
      }
    }
  }

  /// With the lock held: the descriptor is readable while events are queued for `nextEvent`.
  func refreshSignal() { signal.set(state.hasEvents && state.statusHandler == nil && !state.isClosing) }

  // MARK: End

  /// Refuses further requests and wakes the threads that wait for events.
  func beginClosing() {
    lock.withLock {
      state.isClosing = true
      eventArrived.broadcast()
      refreshSignal()
    }
  }
}
