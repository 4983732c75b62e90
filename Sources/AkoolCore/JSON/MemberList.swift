internal import Glibc

/// The members of an object while it is built, with an index as soon as there are many.
struct MemberList {
  private(set) var members: [JSONObject.Member] = []
  /// Nil for few members.
  private(set) var index: MemberIndex?

  init() {}

  init(_ members: [JSONObject.Member], _ index: MemberIndex?) {
    self.members = members
    self.index = index
  }

  init(unique members: [JSONObject.Member]) {
    self.members = members
    makeIndex()
  }

  /// Replaces the value of a member, or adds the member.
  mutating func set(_ value: JSON, for key: String) {
    if let position = position(of: key) {
      members[position].value = value
    } else {
      members.append((key, value))
      addLastToIndex()
    }
  }

  /// Removes a member, if it is there. Takes time for each member behind it.
  mutating func remove(_ key: String) {
    guard let position = position(of: key) else { return }
    members.remove(at: position)
    makeIndex()
  }

  private func position(of key: String) -> Int? {
    if let index { index.position(of: key, in: members) } else { members.position(of: key) }
  }

  private mutating func addLastToIndex() {
    if index == nil { makeIndex() } else { index?.addLast(of: members) }
  }

  private mutating func makeIndex() {
    index = members.count > MemberIndex.threshold ? MemberIndex(members) : nil
  }
}

/// The positions of members by name: a hash table with open addressing, at most 11 bytes for each member.
struct MemberIndex: Sendable {
  /// Up to this number members are searched one by one.
  static let threshold = 32

  /// Position of a member, counted from 1; 0 where there is none.
  private var slots: [UInt32]

  init(_ members: [JSONObject.Member]) {
    slots = Array(repeating: 0, count: Self.capacity(for: members.count))
    for position in members.indices { insert(position, members[position].key) }
  }

  func position(of key: String, in members: [JSONObject.Member]) -> Int? {
    key.withBytes { name in
      var slot = Self.hash(name) & (slots.count - 1)
      while slots[slot] != 0 {
        let position = Int(slots[slot]) - 1
        if members[position].key.isSame(as: name) { return position }
        slot = (slot + 1) & (slots.count - 1)
      }
      return nil
    }
  }

  /// Adds the last of the members, whose name is new.
  mutating func addLast(of members: [JSONObject.Member]) {
    if Self.isFull(slots.count, with: members.count) {
      self = MemberIndex(members)
    } else {
      insert(members.count - 1, members[members.count - 1].key)
    }
  }

  private mutating func insert(_ position: Int, _ key: String) {
    var slot = key.withBytes(Self.hash) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(position + 1)
  }

  /// The smallest power of two that leaves a quarter of the slots empty.
  private static func capacity(for count: Int) -> Int {
    var capacity = 2 * threshold
    while isFull(capacity, with: count) { capacity *= 2 }
    return capacity
  }

  private static func isFull(_ capacity: Int, with count: Int) -> Bool { count > capacity / 4 * 3 }

  /// Hashes bytes with the random seed of the process, so that a sender cannot choose names that collide.
  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(name))
    return hasher.finalize()
  }
}

extension [JSONObject.Member] {
  /// Searches the members one by one.
  func position(of key: String) -> Int? {
    // Not firstIndex(where:), which copies each member.
    for position in indices where self[position].key.isSame(as: key) { return position }
    return nil
  }
}

extension String {
  /// Returns true if the bytes are the same. For `==` the two ways to write é are one text; for JSON they are two names.
  func isSame(as other: String) -> Bool {
    guard utf8.count == other.utf8.count, self == other else { return false }
    // Hardly ever reached with another outcome: the marks of a letter may come in two orders.
    return other.withBytes { isSame(as: $0) }
  }

  func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard utf8.count == other.count else { return false }
    return withBytes { bytes in
      guard let left = bytes.baseAddress, let right = other.baseAddress else { return true }
      return memcmp(left, right, other.count) == 0
    }
  }

  /// Lends the UTF-8 of this text. Makes a copy only of text whose storage is not UTF-8.
  func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    if let value = utf8.withContiguousStorageIfAvailable(body) { return value }
    var copy = self
    return copy.withUTF8(body)
  }
}
