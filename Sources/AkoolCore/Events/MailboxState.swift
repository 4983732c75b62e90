/// The reserved place of one reply.
final class RequestSlot {
  let id: UInt64
  let delivery: ReplyDelivery
  let tag: String?
  var reply: Reply?
  var waiters = 0
  var condition: Condition?
  /// Whether a cancel is on its way.
  var isCancelled = false
  /// Whether the reply stands in the event stream.
  var isQueued = false

  init(_ id: UInt64, _ delivery: ReplyDelivery, tag: String?) {
    self.id = id
    self.delivery = delivery
    self.tag = tag
  }

  var isWaitable: Bool {
    if case .callback = delivery { return false }
    return true
  }
}

/// Whom the loop has to wake at the end of its turn.
struct WakeUps {
  var waiting: [Condition] = []
  var courier = false
  var events = false

  var isNeeded: Bool { courier || events || !waiting.isEmpty }
}

/// What a mailbox holds. Its owner holds the lock.
struct MailboxState {
  enum Item {
    case event(Event)
    case reply(RequestSlot)
  }

  enum Delivery {
    case reply(UInt64, Reply, @Sendable (UInt64, Reply) -> Void)
    case log(JSON)
  }

  private let maximumRequests: Int
  private let maximumEvents: Int
  private var lastRequest: UInt64 = 0
  private var lastSequence: UInt64 = 0
  private var lastOrder: UInt64 = 0
  private var events = Queue<(order: UInt64, item: Item)>()
  private var callbacks = Queue<(order: UInt64, delivery: Delivery)>()
  private var eventCount = 0
  private var dropped: Int64 = 0

  var slots: [UInt64: RequestSlot] = [:]
  var statusHandler: (@Sendable (JSON) -> Void)?
  var logHandler: (@Sendable (JSON) -> Void)?
  var logLevel = LogLevel.off
  var courier = CourierState()
  var wakeUps = WakeUps()
  var isClosing = false
  var isClosed = false

  init(maximumRequests: Int, maximumEvents: Int) {
    self.maximumRequests = maximumRequests
    self.maximumEvents = maximumEvents
  }

  mutating func reserve(_ delivery: ReplyDelivery, tag: String?) throws(AkoolError) -> UInt64 {
    guard slots.count < maximumRequests else { throw ClientErrors.tooManyRequests(maximumRequests) }
    lastRequest += 1
    slots[lastRequest] = RequestSlot(lastRequest, delivery, tag: tag)
    return lastRequest
  }

  /// Takes a reply for a waiting thread. False when somebody else took it meanwhile.
  mutating func take(_ slot: RequestSlot) -> Bool {
    guard slots.removeValue(forKey: slot.id) != nil else { return false }
    if slot.isQueued, let index = events.firstIndex(where: { Self.holds($0.item, slot) }) { events.remove(at: index) }
    return true
  }

  private static func holds(_ item: Item, _ slot: RequestSlot) -> Bool {
    if case .reply(let other) = item { other === slot } else { false }
  }

  // MARK: The event stream

  /// Whether an event waits.
  var hasEvents: Bool { dropped > 0 || !events.isEmpty }

  mutating func add(replyOf slot: RequestSlot) {
    slot.isQueued = true
    append(.reply(slot))
  }

  mutating func add(_ event: Event) {
    if eventCount >= maximumEvents, !makeRoom(for: event) { return }
    eventCount += 1
    append(.event(event))
  }

  private mutating func append(_ item: Item) {
    lastOrder += 1
    events.append((lastOrder, item))
  }

  /// Drops an older state of the same subject, else the oldest event that may be dropped, else this one.
  private mutating func makeRoom(for event: Event) -> Bool {
    dropped += 1
    let victim = firstEvent(event.supersedes) ?? firstEvent { $0.importance != .lasting }
    guard let victim else { return false }
    events.remove(at: victim)
    eventCount -= 1
    return true
  }

  private func firstEvent(_ fits: (Event) -> Bool) -> Int? {
    events.firstIndex { if case .event(let event) = $0.item { fits(event) } else { false } }
  }

  mutating func takeEvent() -> JSON? {
    guard hasEvents else { return nil }
    if dropped > 0 { return takeDropped() }
    lastSequence += 1
    switch events.removeFirst().item {
    case .event(let event):
      eventCount -= 1
      return event.json(sequence: lastSequence)
    case .reply(let slot):
      slots[slot.id] = nil
      return Self.event(of: slot).json(sequence: lastSequence)
    }
  }

  /// The gap shows in `seq`.
  private mutating func takeDropped() -> JSON {
    let event = Event(.eventsDropped, ["count": .integer(dropped)])
    lastSequence += UInt64(dropped) + 1
    dropped = 0
    return event.json(sequence: lastSequence)
  }

  private static func event(of slot: RequestSlot) -> Event {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(4)
    members.append(("request_id", .integer(Int64(clamping: slot.id))))
    if let reply = slot.reply { members.append(("result", .integer(Int64(reply.result.rawValue)))) }
    if let tag = slot.tag { members.append(("tag", .string(tag))) }
    if let reply = slot.reply { members.append(("reply", reply.json)) }
    return Event(.reply, JSONObject(unique: members))
  }

  // MARK: What the delivery thread hands out

  mutating func addCallback(_ delivery: Delivery) {
    lastOrder += 1
    callbacks.append((lastOrder, delivery))
  }

  /// Takes what is next in the order of arrival.
  mutating func takeDelivery() -> CourierState.Delivery? {
    let next = callbacks.first?.order ?? .max
    if let statusHandler, hasEvents, (events.first?.order ?? 0) < next, let event = takeEvent() {
      return .status(statusHandler, event)
    }
    guard !callbacks.isEmpty else { return nil }
    switch callbacks.removeFirst().delivery {
    case .reply(let id, let reply, let callback):
      slots[id] = nil
      return .reply(callback, id, reply)
    case .log(let record): return logHandler.map { .log($0, record) } ?? takeDelivery()
    }
  }

  var pendingCallbacks: Int { callbacks.count }
}
