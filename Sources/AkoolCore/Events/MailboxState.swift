/// The contents of a mailbox. Its owner holds the lock.
struct MailboxState {
  enum PendingCallback {
    case reply(RequestSlot, Reply, @Sendable (UInt64, Reply) -> Void)
    case log(JSON)
    /// Log records were dropped from here on. `at` is Unix time in milliseconds.
    case logGap(at: Int64)
  }

  /// Number of pending callbacks from which on log records are dropped.
  static let maximumBacklog = 10_000

  private let maximumRequests: Int
  /// Most requests that were open at a time.
  private(set) var mostRequests = 0
  private var lastRequest: UInt64 = 0
  private var lastSequence: UInt64 = 0
  private var lastOrder: UInt64 = 0
  private var stream: EventStream
  private var callbacks = Queue<(order: UInt64, callback: PendingCallback)>()
  private var droppedRecords: Int64 = 0

  private(set) var slots: [UInt64: RequestSlot] = [:]
  var statusHandler: (@Sendable (JSON) -> Void)?
  var logHandler: (@Sendable (JSON) -> Void)?
  var logLevel = LogLevel.off
  var courier = CourierState()
  var wakeUps = WakeUps()
  var isClosing = false
  var isClosed = false

  init(maximumRequests: Int, maximumEvents: Int) {
    self.maximumRequests = maximumRequests
    stream = EventStream(maximum: maximumEvents)
  }

  // MARK: Slots

  mutating func reserve(
    _ delivery: ReplyDelivery, tag: String?, deadline: Instant?, paid: PaidProgress?
  ) throws(AkoolError) -> UInt64 {
    guard slots.count < maximumRequests else { throw ClientErrors.tooManyRequests(maximumRequests) }
    lastRequest += 1
    mostRequests = max(mostRequests, slots.count + 1)
    slots[lastRequest] = RequestSlot(lastRequest, delivery, tag: tag, deadline: deadline, paid: paid)
    return lastRequest
  }

  /// Takes a reply for a waiting thread.
  mutating func take(_ slot: RequestSlot) {
    stream.remove(slot)
    slot.stage = .taken
    forget(slot)
  }

  /// Frees the place of a slot.
  mutating func forget(_ slot: RequestSlot) {
    slots[slot.id] = nil
    if Memory.isWasted(capacity: slots.capacity, count: slots.count) {
      slots = Dictionary(uniqueKeysWithValues: slots.lazy.map { ($0.key, $0.value) })
    }
  }

  // MARK: The event stream

  var hasEvents: Bool { !stream.isEmpty }

  mutating func add(_ event: Event, at: Int64) { stream.append(event, at: at, order: nextOrder()) }

  mutating func add(replyOf slot: RequestSlot, at: Int64) {
    stream.append(replyOf: slot, at: at, order: nextOrder())
  }

  private mutating func nextOrder() -> UInt64 {
    lastOrder += 1
    return lastOrder
  }

  mutating func takeEvent() -> JSON? {
    guard let entry = stream.takeFirst() else { return nil }
    lastSequence += 1
    switch entry.item {
    case .event(let event): return event.json(sequence: lastSequence, at: entry.at)
    case .reply(let slot):
      let event = slot.event
      take(slot)
      return event.json(sequence: lastSequence, at: entry.at)
    case .gap(let count):
      // The gap shows in `seq`.
      lastSequence += UInt64(count)
      return Event(.eventsDropped, ["count": .integer(count)]).json(sequence: lastSequence, at: entry.at)
    }
  }

  // MARK: Callbacks

  mutating func addCallback(_ callback: PendingCallback) { callbacks.append((nextOrder(), callback)) }

  /// Adds a log record. When too many callbacks are pending, it is dropped and counted.
  mutating func add(log record: JSON, at: Int64) {
    if callbacks.count < Self.maximumBacklog {
      addCallback(.log(record))
    } else {
      if droppedRecords == 0 { addCallback(.logGap(at: at)) }
      droppedRecords += 1
    }
  }

  /// Takes the next event or callback, in order of arrival.
  mutating func takeDelivery() -> CourierState.Delivery? {
    while true {
      if let statusHandler, let order = stream.firstOrder, order < callbacks.first?.order ?? .max,
        let event = takeEvent()
      {
        return .status(statusHandler, event)
      }
      guard !callbacks.isEmpty else { return nil }
      if let delivery = delivery(of: callbacks.removeFirst().callback) { return delivery }
    }
  }

  /// Nil for a log record without a handler.
  private mutating func delivery(of callback: PendingCallback) -> CourierState.Delivery? {
    switch callback {
    case .reply(let slot, let reply, let handler):
      take(slot)
      return .reply(handler, slot.id, reply)
    case .log(let record): return logHandler.map { .log($0, record) }
    case .logGap(let at):
      let record = logGapRecord(at: at)
      return logHandler.map { .log($0, record) }
    }
  }

  private mutating func logGapRecord(at: Int64) -> JSON {
    defer { droppedRecords = 0 }
    let level = logLevel.rawValue < LogLevel.warning.rawValue ? LogLevel.error : .warning
    return [
      "at": .integer(at), "level": .string(level.name), "dropped": .integer(droppedRecords),
      "message": .string("\(droppedRecords) log records were dropped: the log callback is too slow"),
    ]
  }
}

/// The threads that the loop wakes, and the replies that it hands back, at the end of its turn.
struct WakeUps {
  var waiting: [Condition] = []
  var courier = false
  var events = false
  /// Replies of detached requests.
  var undeliverable: [(request: UInt64, reply: Reply)] = []
}
