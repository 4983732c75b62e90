@testable import AkoolCore

/// One entry as a program reads it.
struct StreamOutput: Equatable {
  enum Item: Equatable {
    case event(Int64)
    case reply(UInt64)
    case gap(Int64)
  }

  let sequence: Int64
  let item: Item

  init(_ sequence: Int64, _ item: Item) {
    self.sequence = sequence
    self.item = item
  }

  /// Reads an event as the stream hands it out.
  init?(_ json: JSON?) {
    guard let json, let sequence = json["seq"]?.integer else { return nil }
    self.sequence = sequence
    switch json["type"]?.string {
    case "reply": item = .reply(UInt64(json["request_id"]?.integer ?? 0))
    case "events.dropped": item = .gap(json["count"]?.integer ?? 0)
    default: item = .event(json["number"]?.integer ?? 0)
    }
  }
}

/// The rules of the event stream, on an array that is searched and moved.
struct StreamModel {
  private enum Item {
    case event(Int64, Event.Importance)
    case reply(UInt64)
    case gap(Int64)
  }

  let maximum: Int
  private var items: [Item] = []
  private var sequence: Int64 = 0

  init(maximum: Int) { self.maximum = maximum }

  mutating func add(reply: UInt64) { items.append(.reply(reply)) }

  mutating func remove(reply: UInt64) {
    items.removeAll { if case .reply(reply) = $0 { true } else { false } }
    mergeGaps()
  }

  mutating func add(_ number: Int64, _ importance: Event.Importance) {
    items.append(.event(number, importance))
    guard importances.count > maximum, let victim = victim(importance) else { return }
    items[victim] = .gap(1)
    mergeGaps()
  }

  mutating func take() -> StreamOutput? {
    guard !items.isEmpty else { return nil }
    sequence += 1
    switch items.removeFirst() {
    case .event(let number, _): return StreamOutput(sequence, .event(number))
    case .reply(let request): return StreamOutput(sequence, .reply(request))
    case .gap(let count):
      sequence += count
      return StreamOutput(sequence, .gap(count))
    }
  }

  private var importances: [(index: Int, importance: Event.Importance)] {
    items.indices.compactMap { (index) -> (Int, Event.Importance)? in
      guard case .event(_, let importance) = items[index] else { return nil }
      return (index, importance)
    }
  }

  /// The event that is dropped for the last one, which may be itself.
  private func victim(_ latest: Event.Importance) -> Int? {
    let progress = importances.filter { if case .progress = $0.importance { true } else { false } }
    let states = importances.filter { if case .state = $0.importance { true } else { false } }
    let same = importances.dropLast().first { $0.importance == latest }
    switch latest {
    case .progress: return (same ?? progress.first)?.index
    case .state: return (progress.first ?? same ?? states.first)?.index
    case .lasting: return (progress.first ?? states.first)?.index
    }
  }

  private mutating func mergeGaps() {
    var merged: [Item] = []
    for item in items {
      if case .gap(let count) = item, case .gap(let before)? = merged.last {
        merged[merged.count - 1] = .gap(before + count)
      } else {
        merged.append(item)
      }
    }
    items = merged
  }
}
