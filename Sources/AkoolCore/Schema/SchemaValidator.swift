/// One thing that is wrong with a value.
struct SchemaFault {
  /// The place, as `voice_params.speed` or `urls[2]`; empty for the value itself.
  let field: String
  /// What is wrong, with the limit.
  let fault: String

  var message: String { field.isEmpty ? fault : "\(field): \(fault)" }
  var json: JSON { ["field": .string(field), "fault": .string(fault)] }
}

/// Compares a value with a schema and collects everything that is wrong, not just the first.
struct SchemaValidator {
  private(set) var faults: [SchemaFault] = []

  mutating func check(_ value: JSON, _ schema: Schema, at path: String = "", isSecret: Bool = false) {
    switch (schema, value) {
    case (.any, _), (.boolean, .bool): break
    case (.integer(let minimum, let maximum), _) where value.integer != nil:
      check(integer: value.integer ?? 0, minimum, maximum, path)
    case (.number(let minimum, let above, let maximum), .integer),
      (.number(let minimum, let above, let maximum), .number):
      check(number: value.double ?? 0, minimum, above, maximum, path)
    case (.string(let rule), .string(let text)): check(text, rule, path, isSecret)
    case (.array(let element, let count), .array(let elements)): check(elements, element, count, path)
    case (.object(let schema), .object(let object)): check(object, schema, at: path)
    case (.map(let schema), .object(let object)):
      for (key, member) in object.members { check(member, schema, at: Self.join(path, key)) }
    case (.either(let schemas), _): check(value, eitherOf: schemas, path)
    default: report(path, "must be \(schema.expectation), not \(Self.article(value.typeName))")
    }
  }

  mutating func check(_ object: JSONObject, _ schema: ObjectSchema, at path: String = "") {
    for field in schema.fields {
      if let value = object[field.name] {
        check(value, field.schema, at: Self.join(path, field.name), isSecret: field.isSecret)
      } else if field.isRequired {
        report(Self.join(path, field.name), "is required: \(field.summary)")
      }
    }
    guard !schema.isOpen else { return }
    for key in object.keys where schema.field(key) == nil { reportUnknown(key, schema, path) }
  }

  mutating func report(_ path: String, _ fault: String) { faults.append(SchemaFault(field: path, fault: fault)) }

  private mutating func reportUnknown(_ key: String, _ schema: ObjectSchema, _ path: String) {
    let known = schema.fields.map(\.name)
    let shown = Self.quoted(key)
    if let nearest = Spelling.nearest(to: key, among: known) {
      report(Self.join(path, shown), "is unknown; did you mean \"\(nearest)\"?")
    } else {
      report(Self.join(path, shown), "is unknown; known are \(known.joined(separator: ", "))")
    }
  }

  private mutating func check(integer value: Int64, _ minimum: Int64?, _ maximum: Int64?, _ path: String) {
    if let minimum, value < minimum { report(path, "is \(value), must be at least \(minimum)") }
    if let maximum, value > maximum { report(path, "is \(value), must be at most \(maximum)") }
  }

  private mutating func check(
    number value: Double, _ minimum: Double?, _ above: Double?, _ maximum: Double?, _ path: String
  ) {
    let shown = JSON.number(value).shortNumber
    if let minimum, value < minimum {
      report(path, "is \(shown), must be at least \(JSON.number(minimum).shortNumber)")
    }
    if let above, value <= above { report(path, "is \(shown), must be above \(JSON.number(above).shortNumber)") }
    if let maximum, value > maximum { report(path, "is \(shown), must be at most \(JSON.number(maximum).shortNumber)") }
  }

  private mutating func check(_ elements: [JSON], _ schema: Schema, _ count: Int?, _ path: String) {
    if let count, elements.count > count {
      report(path, "has \(elements.count) elements, at most \(count) are allowed")
    }
    for (index, element) in elements.enumerated() { check(element, schema, at: "\(path)[\(index)]") }
  }

  private mutating func check(_ value: JSON, eitherOf schemas: [Schema], _ path: String) {
    for schema in schemas {
      var attempt = SchemaValidator()
      attempt.check(value, schema, at: path)
      if attempt.faults.isEmpty { return }
    }
    report(path, "must be \(schemas.map(\.expectation).joined(separator: ", or "))")
  }

  private mutating func check(_ text: String, _ rule: StringRule, _ path: String, _ isSecret: Bool) {
    if rule.isOptional, text.isEmpty { return }
    // Characters are only counted where bytes alone do not settle it.
    let bytes = text.utf8.count
    let isPlain = rule.minimumLength <= 1 && bytes <= rule.maximumLength ?? .max
    let length = isPlain ? bytes : text.unicodeScalars.count
    if length < rule.minimumLength {
      report(
        path, length == 0 ? "must not be empty" : "has \(length) characters, must have at least \(rule.minimumLength)")
    } else if let maximum = rule.maximumLength, length > maximum {
      report(path, "has \(length) characters, at most \(maximum) are allowed")
    } else if let values = rule.values, !values.contains(text) {
      report(path, isSecret ? "is not one of the allowed values" : Self.choice(text, values))
    } else if let form = rule.form, let fault = form.fault(in: text) {
      report(path, fault)
    }
  }

  private static func choice(_ text: String, _ values: [String]) -> String {
    let list = values.map { "\"\($0)\"" }.joined(separator: ", ")
    guard let nearest = Spelling.nearest(to: text, among: values) else {
      return "is \(quoted(text)), must be one of \(list)"
    }
    return "is \(quoted(text)), must be one of \(list); did you mean \"\(nearest)\"?"
  }

  /// A text of the caller, short enough for a message.
  static func quoted(_ text: String) -> String {
    JSON.string(text.unicodeScalars.count > 64 ? String(text.prefix(61)) + "…" : text).serialized()
  }

  private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
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
    case .integer: return "an integer"
    case .number: return "a number"
    case .string: return "a string"
    case .array: return "an array"
    case .object, .map: return "an object"
    case .either(let schemas): return schemas.map(\.expectation).joined(separator: ", or ")
    }
  }
}

extension JSON {
  /// A number without a needless `.0`.
  fileprivate var shortNumber: String { integer.map(String.init) ?? serialized() }
}
