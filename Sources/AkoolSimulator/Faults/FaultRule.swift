internal import AkoolCore

/// Which requests a fault befalls.
struct FaultRule: Sendable {
  var operation: String?
  var method: String?
  /// The whole path, or its beginning with `*` behind it.
  var path: String?
  /// Only the nth request that matches.
  var nth: Int64?
  /// Every so many matches.
  var every: Int64?
  /// At most so often.
  var times: Int64?
  /// With this probability.
  var chance: Double?
  let fault: Fault
  /// As it was given, for the admin endpoint.
  let json: JSON

  func concerns(_ request: SimulatedRequest, operation: String?) -> Bool {
    if let expected = self.operation, expected != operation { return false }
    if let method, method != request.method { return false }
    guard let path else { return true }
    return path.hasSuffix("*") ? request.path.hasPrefix(path.dropLast()) : request.path == path
  }
}

extension FaultRule {
  init(json: JSON) throws(AkoolError) {
    guard let object = json.object, let fault = object["fault"],
      Set(object.keys).isSubset(of: ["match", "fault"]), let match = (object["match"] ?? [:]).object
    else {
      throw AkoolError(.invalidArgument, "a fault rule must be {\"match\": {…}, \"fault\": {…}}")
    }
    self.json = json
    self.fault = try Fault(json: fault)
    if let operation = match["operation"]?.string { try Self.check(operation) }
    for (key, value) in match.members {
      guard take(key, value) else {
        throw AkoolError(
          .invalidArgument, "\"\(key)\" in the match of a fault rule is unknown or has a wrong value",
          hint: "operation, method, path: strings; nth, every, times: integers from 1; chance: 0 to 1")
      }
    }
  }

  private static func check(_ operation: String) throws(AkoolError) {
    guard !Router.operations.contains(operation) else { return }
    let nearest = Spelling.nearest(to: operation, among: Router.operations.sorted())
    throw AkoolError(
      .invalidArgument, "unknown operation \"\(operation)\" in the match of a fault rule",
      hint: nearest.map { "did you mean \"\($0)\"?" } ?? "one of " + Router.operations.sorted().joined(separator: ", "))
  }

  private mutating func take(_ key: String, _ value: JSON) -> Bool {
    switch key {
    case "operation": return store(value.string, to: \.operation)
    case "method": return store(value.string, to: \.method)
    case "path": return store(value.string, to: \.path)
    case "nth": return store(Self.count(value), to: \.nth)
    case "every": return store(Self.count(value), to: \.every)
    case "times": return store(Self.count(value), to: \.times)
    case "chance": return store(value.double.flatMap { (0...1).contains($0) ? $0 : nil }, to: \.chance)
    default: return false
    }
  }

  private mutating func store<Value>(_ value: Value?, to path: WritableKeyPath<FaultRule, Value?>) -> Bool {
    self[keyPath: path] = value
    return value != nil
  }

  private static func count(_ json: JSON) -> Int64? { json.integer.flatMap { $0 >= 1 ? $0 : nil } }

  static func list(_ json: JSON) throws(AkoolError) -> [FaultRule] {
    guard let elements = json.array else {
      throw AkoolError(.invalidArgument, "fault rules must be an array, not \(json.typeName)")
    }
    var rules: [FaultRule] = []
    for element in elements { rules.append(try FaultRule(json: element)) }
    return rules
  }
}

extension SimulatorOption.Coding where Value == [FaultRule] {
  static var faultRules: Self {
    Self(
      schema: ["type": "array", "items": ["type": "object", "required": ["fault"]]],
      expected: "an array of {match, fault}",
      encode: { .array($0.map(\.json)) },
      decode: { (value) throws(AkoolError) in try FaultRule.list(value) })
  }
}
