/// One thing that is wrong with a value.
struct SchemaFault {
  /// The place, as `voice_params.speed` or `urls[2]`; empty for the value itself.
  fileprivate(set) var field: String
  /// What is wrong, with the limit.
  let fault: String

  var message: String { field.isEmpty ? fault : "\(field): \(fault)" }
  var json: JSON { ["field": .string(field), "fault": .string(fault)] }
}

/// Compares a value with a schema and collects everything that is wrong, not just the first.
///
/// Faults are built only while they are kept, so that a value with many costs little more; their paths grow on the way
/// out of the value.
struct SchemaValidator {
  /// Number of faults that are kept.
  static let maximumFaults = 16

  /// The first faults, at most `maximumFaults`.
  private(set) var faults: [SchemaFault] = []
  /// The number of all faults.
  private(set) var faultCount = 0

  mutating func check(_ value: JSON, _ schema: Schema, at path: String, isSecret: Bool = false) {
    let known = faults.count
    check(value, schema, isSecret)
    lead(known, with: path)
  }

  mutating func check(_ object: JSONObject, _ schema: ObjectSchema, at path: String = "") {
    let known = faults.count
    check(object, schema)
    lead(known, with: path)
  }

  mutating func report(_ path: String, _ fault: @autoclosure () -> String) {
    faultCount += 1
    if faults.count < Self.maximumFaults { faults.append(SchemaFault(field: path, fault: fault())) }
  }

  /// Puts a step before the paths of the faults that came after the first so many.
  private mutating func lead(_ known: Int, with step: @autoclosure () -> String) {
    for index in known..<faults.count { faults[index].field = Self.join(step(), faults[index].field) }
  }

  private static func join(_ step: String, _ rest: String) -> String {
    if step.isEmpty || rest.isEmpty { return step + rest }
    return rest.utf8.first == UInt8(ascii: "[") ? step + rest : "\(step).\(rest)"
  }

  // MARK: Values that hold others

  private mutating func check(_ value: JSON, _ schema: Schema, _ isSecret: Bool) {
    switch (schema, value) {
    case (.any, _), (.boolean, .bool): break
    case (.integer(let minimum, let maximum), _) where value.integer != nil:
      check(integer: value.integer ?? 0, minimum, maximum)
    case (.integers(let values), _) where value.integer != nil: check(value.integer ?? 0, among: values)
    case (.integer, .decimal(let text)) where NumberToken(text)?.isWhole == true:
      report("", isSecret ? "is out of range" : "is out of range: \(value.shortNumber)")
    case (.number(let minimum, let above, let maximum), .integer),
      (.number(let minimum, let above, let maximum), .number),
      (.number(let minimum, let above, let maximum), .decimal):
      check(number: value, minimum, above, maximum)
    case (.string(let rule), .string(let text)): check(text, rule, isSecret)
    case (.array(let element, let count), .array(let elements)): check(elements, element, count)
    case (.object(let schema), .object(let object)): check(object, schema)
    case (.map(let schema), .object(let object)): check(object, membersOf: schema)
    case (.either(let schemas), _): check(value, eitherOf: schemas)
    default: report("", "must be \(schema.expectation), not \(Self.article(value.typeName))")
    }
  }

  private mutating func check(_ object: JSONObject, _ schema: ObjectSchema) {
    var found = 0
    // By index: a copy of a field costs more than the check of most values.
    for index in schema.fields.indices {
      let (name, known) = (schema.fields[index].name, faults.count)
      if let value = object[name] {
        found += 1
        check(value, schema.fields[index].schema, schema.fields[index].isSecret)
        lead(known, with: name)
      } else if schema.fields[index].isRequired {
        report(name, "is required: \(schema.fields[index].summary)")
      }
    }
    if !schema.isOpen, found < object.count { reportUnknown(object.count - found, of: object, schema) }
  }

  private mutating func check(_ object: JSONObject, membersOf schema: Schema) {
    for (key, member) in object.members {
      let known = faults.count
      check(member, schema, false)
      lead(known, with: Self.shown(key))
    }
  }

  private mutating func check(_ elements: [JSON], _ schema: Schema, _ count: Int?) {
    if let count, elements.count > count {
      report("", "has \(elements.count) elements, at most \(count) are allowed")
    }
    for (index, element) in elements.enumerated() {
      let known = faults.count
      check(element, schema, false)
      lead(known, with: "[\(index)]")
    }
  }

  private mutating func check(_ value: JSON, eitherOf schemas: [Schema]) {
    for schema in schemas {
      var attempt = SchemaValidator()
      attempt.check(value, schema, false)
      if attempt.faultCount == 0 { return }
    }
    report("", "must be \(schemas.map(\.expectation).joined(separator: ", or "))")
  }

  // MARK: Unknown keys

  /// Searches the unknown keys while faults are kept, and only counts the rest.
  private mutating func reportUnknown(_ count: Int, of object: JSONObject, _ schema: ObjectSchema) {
    var rest = count
    for (key, _) in object.members {
      guard rest > 0, faults.count < Self.maximumFaults else { break }
      guard schema.field(key) == nil else { continue }
      report(Self.quoted(key), Self.unknown(key, schema))
      rest -= 1
    }
    faultCount += rest
  }

  private static func unknown(_ key: String, _ schema: ObjectSchema) -> String {
    let known = schema.fields.map(\.name)
    guard let nearest = Spelling.nearest(to: key, among: known) else {
      return "is unknown; known are \(known.joined(separator: ", "))"
    }
    return "is unknown; did you mean \"\(nearest)\"?"
  }

  // MARK: Plain values

  private mutating func check(integer value: Int64, _ minimum: Int64?, _ maximum: Int64?) {
    if let minimum, value < minimum { report("", "is \(value), must be at least \(minimum)") }
    if let maximum, value > maximum { report("", "is \(value), must be at most \(maximum)") }
  }

  private mutating func check(_ value: Int64, among values: [Int64]) {
    guard !values.contains(value) else { return }
    report("", "is \(value), must be one of \(values.map(String.init).joined(separator: ", "))")
  }

  private mutating func check(number value: JSON, _ minimum: Double?, _ above: Double?, _ maximum: Double?) {
    guard let number = value.double else { return report("", "is out of range") }
    if let minimum, number < minimum {
      report("", "is \(value.shortNumber), must be at least \(JSON.number(minimum).shortNumber)")
    }
    if let above, number <= above {
      report("", "is \(value.shortNumber), must be above \(JSON.number(above).shortNumber)")
    }
    if let maximum, number > maximum {
      report("", "is \(value.shortNumber), must be at most \(JSON.number(maximum).shortNumber)")
    }
  }

  private mutating func check(_ text: String, _ rule: StringRule, _ isSecret: Bool) {
    if rule.isOptional, text.isEmpty { return }
    // Characters are only counted where bytes alone do not settle it.
    let bytes = text.utf8.count
    let isPlain = rule.minimumLength <= 1 && bytes <= rule.maximumLength ?? .max
    let length = isPlain ? bytes : text.unicodeScalars.count
    if length < rule.minimumLength {
      report(
        "", length == 0 ? "must not be empty" : "has \(length) characters, must have at least \(rule.minimumLength)")
    } else if let maximum = rule.maximumLength, length > maximum {
      report("", "has \(length) characters, at most \(maximum) are allowed")
    } else if let values = rule.values, !values.contains(text) {
      report("", isSecret ? "is not one of the allowed values" : Self.choice(text, values))
    } else if let form = rule.form, let fault = form.fault(in: text) {
      report("", fault)
    }
  }

  // MARK: Words

  private static func choice(_ text: String, _ values: [String]) -> String {
    let list = values.map { "\"\($0)\"" }.joined(separator: ", ")
    guard let nearest = Spelling.nearest(to: text, among: values) else {
      return "is \(quoted(text)), must be one of \(list)"
    }
    return "is \(quoted(text)), must be one of \(list); did you mean \"\(nearest)\"?"
  }

  /// A text of the caller, short enough for a message.
  static func quoted(_ text: String) -> String { JSON.string(text.shortened(to: 64)).serialized() }

  /// A name of the caller in a path: as it is, or short enough for a message.
  private static func shown(_ key: String) -> String { key.utf8.count <= 64 ? key : quoted(key) }

  private static func article(_ noun: String) -> String {
    if noun == "null" { return noun }
    return ["array", "integer", "object"].contains(noun) ? "an \(noun)" : "a \(noun)"
  }
}

extension Schema {
  fileprivate var expectation: String {
    switch self {
    case .any: return "anything"
    case .boolean: return "true or false"
    case .integer, .integers: return "an integer"
    case .number: return "a number"
    case .string: return "a string"
    case .array: return "an array"
    case .object, .map: return "an object"
    case .either(let schemas): return schemas.map(\.expectation).joined(separator: ", or ")
    }
  }
}

extension JSON {
  /// A number for a message: without a needless `.0`, and cut when it has more digits than any type holds.
  fileprivate var shortNumber: String {
    if case .decimal(let text) = self { return text.shortened(to: 40) }
    return integer.map(String.init) ?? serialized()
  }
}

extension String {
  /// The first so many scalars; a longer text ends with an ellipsis, which counts. Takes constant time.
  fileprivate func shortened(to maximum: Int) -> String {
    guard unicodeScalars.index(startIndex, offsetBy: maximum + 1, limitedBy: endIndex) != nil else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.prefix(maximum - 1))) + "…"
  }
}
