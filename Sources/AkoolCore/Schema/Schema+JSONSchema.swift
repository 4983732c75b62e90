extension Schema {
  /// This schema as a JSON Schema (draft 2020-12).
  public var jsonSchema: JSON {
    switch self {
    case .any: return [:]
    case .boolean: return ["type": "boolean"]
    case .integer(let minimum, let maximum):
      return Self.type("integer", [("minimum", minimum.map(JSON.integer)), ("maximum", maximum.map(JSON.integer))])
    case .integers(let values): return ["type": "integer", "enum": .array(values.map(JSON.integer))]
    case .number(let minimum, let above, let maximum):
      return Self.type(
        "number",
        [
          ("minimum", minimum.map(JSON.number)), ("exclusiveMinimum", above.map(JSON.number)),
          ("maximum", maximum.map(JSON.number)),
        ])
    case .string(let rule): return rule.jsonSchema
    case .array(let element, let count):
      return Self.type("array", [("items", element.jsonSchema), ("maxItems", count.map { .integer(Int64($0)) })])
    case .object(let object): return object.jsonSchema
    case .map(let value): return ["type": "object", "additionalProperties": value.jsonSchema]
    case .either(let schemas): return ["anyOf": .array(schemas.map(\.jsonSchema))]
    }
  }

  fileprivate static func type(_ name: String, _ keywords: [(String, JSON?)]) -> JSON {
    var object: JSONObject = ["type": .string(name)]
    for (keyword, value) in keywords { object[keyword] = value }
    return .object(object)
  }
}

extension StringRule {
  fileprivate var jsonSchema: JSON {
    Schema.type(
      "string",
      [
        ("minLength", minimumLength > 0 ? .integer(Int64(minimumLength)) : nil),
        ("maxLength", maximumLength.map { .integer(Int64($0)) }),
        ("enum", values.map { .array(($0 + (isOptional ? [""] : [])).map(JSON.string)) }),
        ("pattern", form.map { .string(isOptional ? "^$|" + $0.pattern : $0.pattern) }),
      ])
  }
}

extension StringRule.Form {
  fileprivate var pattern: String {
    switch self {
    case .url: return "^https?://[^/?#]+"
    case .objectID: return "^[0-9a-fA-F]{24}$"
    case .alphanumeric: return "^[a-zA-Z0-9]+$"
    case .path: return "^/"
    case .method: return "^[A-Z]+$"
    }
  }
}

extension ObjectSchema {
  /// This object as a JSON Schema.
  public var jsonSchema: JSON {
    var object: JSONObject = ["type": "object"]
    let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
    if !required.isEmpty { object["required"] = .array(required) }
    object["properties"] = .object(JSONObject(fields.map { ($0.name, $0.jsonSchema) }))
    if !isOpen { object["additionalProperties"] = false }
    return .object(object)
  }
}

extension Field {
  fileprivate var jsonSchema: JSON {
    var object = schema.jsonSchema.object ?? JSONObject()
    object["description"] = .string(summary)
    object["default"] = defaultValue
    if isSecret { object["writeOnly"] = true }
    if isGenerated { object["x-generated"] = true }
    object["x-evidence"] = evidence?.json
    return .object(object)
  }
}
