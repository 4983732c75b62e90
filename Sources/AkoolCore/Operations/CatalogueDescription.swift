extension Catalogue {
  /// The catalogue as `akool_describe` gives it: operations, result codes, event types, configuration and options.
  public static var description: JSON {
    [
      "version": .string("\(Version.string)"),
      "operations": .array(all.map(\.json)),
      "results": .array(ResultCode.all.map(\.json)),
      "events": .array(EventType.allCases.map { ["type": .string($0.rawValue), "summary": .string($0.summary)] }),
      "log_levels": .array(
        LogLevel.allCases.map {
          ["level": .integer(Int64($0.rawValue)), "name": .string($0.name), "summary": .string($0.summary)]
        }),
      "configuration": ConfigurationSchema.schema.jsonSchema,
      "options": CallOptions.schema.jsonSchema,
      "akool_codes": .array(AkoolCode.all.map(\.json)),
    ]
  }
}

extension Operation {
  fileprivate var json: JSON {
    var object: JSONObject = ["name": .string(name), "summary": .string(summary)]
    object["endpoint"] = endpoint.map { ["method": .string($0.method), "path": .string($0.path)] }
    object["parameters"] = parameters.jsonSchema
    object["result"] = result.jsonSchema
    object["repeat"] = .string(safety.rawValue)
    object["evidence"] = evidence.json
    object["example"] = example
    if !disagreements.isEmpty { object["disagreements"] = .array(disagreements.map(JSON.string)) }
    if offline != nil { object["needs_client"] = false }
    object["default_timeout_ms"] = defaultTimeout.map(JSON.integer)
    return .object(object)
  }
}

extension ResultCode.Entry {
  fileprivate var json: JSON {
    ["value": .integer(Int64(code.rawValue)), "name": .string("\(name)"), "summary": .string(summary)]
  }
}

extension AkoolCode {
  fileprivate var json: JSON {
    [
      "code": .integer(code), "result": .string(result.name), "meaning": .string(meaning), "hint": .string(hint),
      "retryable": .bool(isRetryable),
    ]
  }
}
