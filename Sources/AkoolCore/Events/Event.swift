/// Something that happened at a client, before it has its place in the stream of events.
struct Event: Sendable {
  /// What becomes of the event when the queue is full.
  enum Importance: Sendable, Equatable {
    /// Never dropped in favour of a coalescing one.
    case lasting
    /// Progress or state: a later event of the same type and subject says it all.
    case coalescing(subject: String)
  }

  let type: EventType
  let importance: Importance
  let members: JSONObject
  let at: Int64

  init(_ type: EventType, _ members: JSONObject, importance: Importance = .lasting) {
    self.type = type
    self.importance = importance
    self.members = members
    at = WallClock.milliseconds
  }

  func json(sequence: UInt64) -> JSON {
    var all: [JSONObject.Member] = []
    all.reserveCapacity(members.count + 3)
    all.append(("seq", .integer(Int64(clamping: sequence))))
    all.append(("type", .string(type.rawValue)))
    all.append(("at", .integer(at)))
    all += members.members
    return .object(JSONObject(unique: all))
  }

  func supersedes(_ other: Event) -> Bool {
    guard case .coalescing = importance else { return false }
    return type == other.type && importance == other.importance
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object of these members; the last of two with one name wins.
  public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
