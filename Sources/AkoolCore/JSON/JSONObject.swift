/// The members of a JSON object, in order.
///
/// Names are the same when their bytes are. A few members are searched one by one: AKOOL's objects have a dozen, for
/// which this beats hashing. Many members have an index, so that work on an object is linear in its size.
public struct JSONObject: Sendable {
  /// One name with its value.
  public typealias Member = (key: String, value: JSON)

  /// One word, so that copies of the objects in each reply are as cheap as copies of an array.
  private enum Storage: Sendable {
    case few([Member])
    indirect case many([Member], MemberIndex)
  }

  private var storage: Storage

  /// Creates an object without members.
  public init() { storage = .few([]) }

  /// Creates an object of these members; the last of two with one name wins.
  public init(_ members: some Sequence<(String, JSON)>) {
    var list = MemberList()
    for (key, value) in members { list.set(value, for: key) }
    self.init(list)
  }

  /// Creates an object of members whose names are known to be unique, as a parser has them.
  init(unique members: [Member]) { self.init(MemberList(unique: members)) }

  private init(_ list: MemberList) {
    if let index = list.index { storage = .many(list.members, index) } else { storage = .few(list.members) }
  }

  /// The members in their order; names are unique.
  public var members: [Member] {
    switch storage {
    case .few(let members), .many(let members, _): return members
    }
  }

  /// True if there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The number of members.
  public var count: Int { members.count }

  /// The names in their order.
  public var keys: [String] { members.map(\.key) }

  /// Reads, adds, replaces or (with nil) removes a member.
  public subscript(key: String) -> JSON? {
    get {
      switch storage {
      case .few(let members): return members.position(of: key).map { members[$0].value }
      case .many(let members, let index): return index.position(of: key, in: members).map { members[$0].value }
      }
    }
    set {
      var list = take()
      if let newValue { list.set(newValue, for: key) } else { list.remove(key) }
      self = JSONObject(list)
    }
  }

  /// Adds the members of another object; those replace members with the same name.
  public mutating func merge(_ other: JSONObject) {
    var list = take()
    for (key, value) in other.members { list.set(value, for: key) }
    self = JSONObject(list)
  }

  /// Moves the members out, so that they change in place and not in a copy.
  private mutating func take() -> MemberList {
    let list: MemberList
    switch storage {
    case .few(let members): list = MemberList(members, nil)
    case .many(let members, let index): list = MemberList(members, index)
    }
    storage = .few([])
    return list
  }
}

extension JSONObject: Equatable {
  /// Compares names and values; the order of members does not count.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    let (first, second) = (left.members, right.members)
    return first.count == second.count
      && first.indices.allSatisfy { place in
        let (key, value) = first[place]
        return key.isSame(as: second[place].key) ? second[place].value == value : right[key] == value
      }
  }
}
