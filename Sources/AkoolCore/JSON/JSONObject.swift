/// The members of a JSON object, in order.
///
/// Look-up is linear: AKOOL's objects have a dozen members, for which this beats hashing.
public struct JSONObject: Sendable {
  /// One name with its value.
  public typealias Member = (key: String, value: JSON)

  /// The members in their order; names are unique.
  public private(set) var members: [Member]

  /// An object without members.
  public init() { members = [] }

  /// An object of these members; the last of two with one name wins.
  public init(_ members: some Sequence<(String, JSON)>) {
    self.members = []
    for (key, value) in members { self[key] = value }
  }

  /// Members whose names are known to be unique, as a parser has them.
  init(unique members: [Member]) { self.members = members }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// How many members there are.
  public var count: Int { members.count }

  /// The names in their order.
  public var keys: [String] { members.map(\.key) }

  /// Reads, adds, replaces or (with nil) removes a member.
  public subscript(key: String) -> JSON? {
    get { position(of: key).map { members[$0].value } }
    set {
      switch (position(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): break
      }
    }
  }

  /// Adds the members of another object; those replace members with the same name.
  public mutating func merge(_ other: JSONObject) {
    for (key, value) in other.members { self[key] = value }
  }

  private func position(of key: String) -> Int? { members.firstIndex { Self.isSame($0.key, key) } }

  /// The two ways to write é, of different length, are two names in JSON, though one text in Swift.
  private static func isSame(_ first: String, _ second: String) -> Bool {
    first == second && first.utf8.count == second.utf8.count
  }
}

extension JSONObject: Equatable {
  /// The same names with the same values, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}
