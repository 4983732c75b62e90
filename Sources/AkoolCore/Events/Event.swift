/// An occurrence that a client reports to its host, before it has a place in the stream of events.
struct Event: Sendable {
  /// The treatment of an event when the queue is full. `EventType` documents the importance of each type.
  enum Importance: Sendable, Equatable {
    /// Progress of a request: dropped first, an older event of the same subject before all others.
    case progress(subject: String)
    /// State of a thing: dropped when no progress is left, an older event of the same subject first.
    case state(subject: String)
    /// Credentials, or the only trace of money: never dropped. Such events may exceed `max_events`.
    case lasting
  }

  let type: EventType
  let importance: Importance
  let members: JSONObject
  /// Unix time in milliseconds; nil for the time of the post.
  let at: Int64?

  init(_ type: EventType, _ members: JSONObject, importance: Importance = .lasting, at: Int64? = nil) {
    self.type = type
    self.importance = importance
    self.members = members
    self.at = at
  }

  func json(sequence: UInt64, at: Int64) -> JSON {
    var all: [JSONObject.Member] = []
    all.reserveCapacity(members.count + 3)
    all.append(("seq", .integer(Int64(clamping: sequence))))
    all.append(("type", .string(type.rawValue)))
    all.append(("at", .integer(at)))
    all += members.members
    return .object(JSONObject(unique: all))
  }

  /// The thing that the event reports progress or a state of. Nil for lasting events.
  var subject: Subject? {
    switch importance {
    case .progress(let name), .state(let name): return Subject(type: type, name: name)
    case .lasting: return nil
    }
  }

  /// Of two events of one subject, the later one makes the earlier one obsolete.
  struct Subject: Hashable {
    let type: EventType
    let name: String
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object of these members; the last of two with one name wins.
  public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
