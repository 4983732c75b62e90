/// The events and replies of a client that the host has not taken yet, in order of arrival.
///
/// Each operation costs O(1), amortised. The stream holds at most as many gaps as events and replies, and one more.
struct EventStream {
  enum Item {
    case event(Event)
    case reply(RequestSlot)
    /// Number of events that were dropped here.
    case gap(Int64)
  }

  struct Entry {
    /// Number of the arrival, among events, replies and log records.
    let order: UInt64
    /// Unix time in milliseconds.
    let at: Int64
    fileprivate(set) var item: Item

    fileprivate var gap: Int64? { if case .gap(let count) = item { count } else { nil } }
  }

  private let maximum: Int
  private var entries = PlacedList<Entry>()
  /// Number of events; neither replies nor gaps.
  private var eventCount = 0
  private var droppable = DroppableEvents()

  /// - Parameter maximum: Number of events that the stream holds before it drops some.
  init(maximum: Int) { self.maximum = maximum }

  var isEmpty: Bool { entries.isEmpty }

  /// Number of events, replies and gaps.
  var count: Int { entries.count }

  /// Number of entries that the stream has memory for.
  var capacity: Int { entries.capacity }

  var firstOrder: UInt64? { entries.first.map { entries[$0].order } }

  // MARK: Arrival

  /// Adds an event. When the stream is full, an event that matters less is dropped, or this one.
  // `Importance.lasting` events beyond the limit are to be merged into one record per session here (design, section 3).
  mutating func append(_ event: Event, at: Int64, order: UInt64) {
    if eventCount >= maximum, !makeRoom(for: event) {
      mergeGaps(at: entries.append(Entry(order: order, at: at, item: .gap(1))))
    } else {
      insert(Entry(order: order, at: at, item: .event(event)))
    }
  }

  /// Adds the reply of a slot; the slot knows its place.
  mutating func append(replyOf slot: RequestSlot, at: Int64, order: UInt64) {
    insert(Entry(order: order, at: at, item: .reply(slot)))
  }

  private mutating func insert(_ entry: Entry) {
    let place = entries.append(entry)
    switch entry.item {
    case .event(let event):
      eventCount += 1
      droppable.insert(event, at: place)
    case .reply(let slot): slot.place = place
    case .gap: break
    }
  }

  // MARK: Removal

  mutating func takeFirst() -> Entry? {
    guard let place = entries.first else { return nil }
    let entry = remove(place)
    giveBackMemory()
    return entry
  }

  /// Removes a reply that a waiting thread takes.
  mutating func remove(_ slot: RequestSlot) {
    guard let place = slot.place else { return }
    let previous = entries.previous(place)
    remove(place)
    if let previous, entries[previous].gap != nil { mergeGaps(at: previous) }
    giveBackMemory()
  }

  @discardableResult
  private mutating func remove(_ place: Int) -> Entry {
    let entry = entries.remove(place)
    switch entry.item {
    case .event(let event):
      eventCount -= 1
      droppable.remove(event, at: place)
    case .reply(let slot): slot.place = nil
    case .gap: break
    }
    return entry
  }

  /// Moves the entries to new places.
  private mutating func giveBackMemory() {
    guard entries.isSparse else { return }
    var compact = EventStream(maximum: maximum)
    entries.forEach { compact.insert($0) }
    self = compact
  }

  // MARK: Eviction

  /// Drops an event in favour of a new one. False when the new one matters least.
  private mutating func makeRoom(for event: Event) -> Bool {
    guard let victim = droppable.victim(for: event) else { return event.importance == .lasting }
    if case .event(let dropped) = entries[victim].item { droppable.remove(dropped, at: victim) }
    eventCount -= 1
    entries[victim].item = .gap(1)
    mergeGaps(at: victim)
    return true
  }

  /// Merges a gap with its neighbours, at the place of the first.
  private mutating func mergeGaps(at place: Int) {
    merge(place, with: entries.next(place))
    if let previous = entries.previous(place) { merge(previous, with: place) }
  }

  private mutating func merge(_ place: Int, with next: Int?) {
    guard let next, let count = entries[place].gap, let more = entries[next].gap else { return }
    entries[place].item = .gap(count + more)
    entries.remove(next)
  }
}
