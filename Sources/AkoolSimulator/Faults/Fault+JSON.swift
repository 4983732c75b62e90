internal import AkoolCore

extension Fault {
  private typealias Reader = @Sendable (inout Fault, JSON) -> Bool

  /// How each member is read, with what to say when it cannot be.
  private static let members: [String: (expected: String, read: Reader)] = [
    "delay_ms": ("milliseconds up to 10^9", { $0.take($1, 0...1_000_000_000, to: \.delayMilliseconds) }),
    "http_status": ("an integer from 200 to 599", { $0.take($1, 200...599) { $0.status = Int($1) } }),
    "headers": ("an object of strings", { $0.takeHeaders($1) }),
    "body": ("a string", { $0.take($1.string, to: \.body) }),
    "akool_code": ("an integer from 0 to 999999", { $0.take($1, 0...999_999) { $0.code = $1 } }),
    "msg": ("a string", { $0.take($1.string, to: \.message) }),
    "truncate_body": ("a number of bytes", { $0.take($1, 0...1_000_000_000) { $0.truncatedBodyBytes = Int($1) } }),
    "drip_ms": ("milliseconds up to 10^6", { $0.take($1, 0...1_000_000) { $0.dripMilliseconds = $1 } }),
    "reset": (
      "\"before_handling\" or \"after_handling\"", { $0.take($1.string.flatMap(Reset.init), to: \.reset) }
    ),
    "hang": ("true or false", { $0.take($1.bool) { $0.isWithheld = $1 } }),
    "handle_later_s": ("seconds up to 10^9", { $0.take($1, 0...1_000_000_000) { $0.handledLater = .seconds($1) } }),
    "duplicate_after_s": (
      "seconds up to 10^9", { $0.take($1, 0...1_000_000_000) { $0.duplicatedAfter = .seconds($1) } }
    ),
    "page": ("an integer from 1 to 10^9", { $0.take($1, 1...1_000_000_000) { $0.pageNumber = Int($1) } }),
    "page_shift": (
      "an integer from -10^6 to 10^6", { $0.take($1, -1_000_000...1_000_000) { $0.pageShift = Int($1) } }
    ),
    "data_null": ("true or false", { $0.take($1.bool) { $0.nullsData = $1 } }),
    "set": ("an object of JSON Pointers with values", { $0.takeChanges($1) }),
    "remove": ("an array of JSON Pointers", { $0.takeRemovals($1) }),
    "lost": ("true or false", { $0.take($1.bool) { $0.isLost = $1 } }),
    "session_fails_s": (
      "seconds up to 10^9", { $0.take($1, 0...1_000_000_000) { $0.sessionFailsAfter = .seconds($1) } }
    ),
    "handled": ("true or false", { $0.take($1.bool, to: \.isHandledExplicitly) }),
  ]

  init(json: JSON) throws(AkoolError) {
    guard let object = json.object, !object.isEmpty else {
      throw AkoolError(.invalidArgument, "fault must be an object with at least one member")
    }
    self.json = json
    for (key, value) in object.members {
      guard let member = Self.members[key] else {
        throw AkoolError(.invalidArgument, "unknown fault \"\(key)\"", hint: "one of " + Self.known)
      }
      guard member.read(&self, value) else {
        throw AkoolError(.invalidArgument, "fault \"\(key)\" must be \(member.expected)")
      }
    }
    try checkCombination()
  }

  private static var known: String { members.keys.sorted().joined(separator: ", ") }

  private mutating func take<Value>(_ value: Value?, to path: WritableKeyPath<Fault, Value?>) -> Bool {
    take(value) { $0[keyPath: path] = $1 }
  }

  private mutating func take(
    _ json: JSON, _ range: ClosedRange<Int64>, to path: WritableKeyPath<Fault, Int64>
  ) -> Bool {
    take(json, range) { $0[keyPath: path] = $1 }
  }

  private mutating func take(
    _ json: JSON, _ range: ClosedRange<Int64>, _ store: (inout Fault, Int64) -> Void
  ) -> Bool {
    take(json.integer.flatMap { range.contains($0) ? $0 : nil }, store)
  }

  private mutating func take<Value>(_ value: Value?, _ store: (inout Fault, Value) -> Void) -> Bool {
    guard let value else { return false }
    store(&self, value)
    return true
  }

  private mutating func takeHeaders(_ json: JSON) -> Bool {
    guard let members = json.object?.members else { return false }
    headers = members.compactMap { name, value in value.string.map { HTTPHeader(name.lowercased(), $0) } }
    return headers.count == members.count
  }

  private mutating func takeChanges(_ json: JSON) -> Bool {
    changes = json.object?.members ?? []
    return json.object != nil && changes.allSatisfy { JSON.tokens(of: $0.key) != nil }
  }

  private mutating func takeRemovals(_ json: JSON) -> Bool {
    guard let elements = json.array else { return false }
    removals = elements.compactMap(\.string)
    return removals.count == elements.count && removals.allSatisfy { JSON.tokens(of: $0) != nil }
  }
}
