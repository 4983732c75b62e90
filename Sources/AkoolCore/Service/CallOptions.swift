/// The options of one call.
struct CallOptions: Sendable {
  let timeout: Int64
  let maximumAttempts: Int
  let wantsRaw: Bool
  let wantsTrace: Bool
  let headers: [HTTPHeader]
  let tag: String?
  let validation: Configuration.Validation

  static let schema = ObjectSchema([
    .optional(
      "timeout_ms", .integer(minimum: 1, maximum: 86_400_000),
      "The deadline of this call, everything included, in milliseconds."),
    .optional("max_attempts", .integer(minimum: 1, maximum: 10), "The most attempts of this call."),
    .optional("raw", .boolean, "Whether the reply also has AKOOL's untouched body, as raw."),
    .optional("trace", .boolean, "Whether meta.trace tells every attempt."),
    .optional("headers", .map(of: .string(StringRule(maximumLength: 8_192))), "Further header lines of the requests."),
    .optional("tag", .string(StringRule(maximumLength: 256)), "A mark of yours that the reply repeats."),
    .optional(
      "validate", .string(StringRule(values: ["strict", "warn", "off"])), "As in the configuration, for this call."),
    .optional(
      "reply", .string(StringRule(values: ["event", "wait"])),
      "Without a callback: event also lets the event stream have the reply, wait keeps it for akool_wait.",
      default: "event"),
  ])

  /// Headers that the library writes itself.
  private static let reserved: Set<String> = [
    "authorization", "x-api-key", "host", "content-length", "content-type", "transfer-encoding", "connection",
    "expect", "user-agent", "accept-encoding",
  ]

  private static let mostHeaders = 64
  /// Most bytes of all header names together.
  private static let longestNames = 8_192

  /// Options of calls that the client makes on its own account.
  init(timeout: Int64, maximumAttempts: Int) {
    self.timeout = timeout
    self.maximumAttempts = maximumAttempts
    wantsRaw = false
    wantsTrace = false
    headers = []
    tag = nil
    validation = .strict
  }

  init(_ json: JSON, _ configuration: Configuration, defaultTimeout: Int64? = nil) throws(AkoolError) {
    guard let given = json.object else {
      throw AkoolError(.invalidArgument, "the options must be a JSON object, not \(json.typeName)")
    }
    if !given.isEmpty {
      var validator = SchemaValidator()
      validator.check(given, Self.schema)
      try ParameterFaults.throwIfAny(validator, "options")
    }
    timeout = given["timeout_ms"]?.integer ?? defaultTimeout ?? configuration.timeout
    maximumAttempts = given["max_attempts"]?.integer.map(Int.init) ?? configuration.maximumAttempts
    wantsRaw = given["raw"]?.bool ?? false
    wantsTrace = given["trace"]?.bool ?? false
    tag = given["tag"]?.string
    validation = given["validate"]?.string.flatMap(Configuration.Validation.init) ?? configuration.validation
    headers = try Self.headers(given["headers"]?.object)
  }

  /// How parameters are to be checked, where there is no configuration.
  static func validation(_ json: JSON) throws(AkoolError) -> Configuration.Validation {
    guard let given = json.object else {
      throw AkoolError(.invalidArgument, "the options must be a JSON object, not \(json.typeName)")
    }
    var validator = SchemaValidator()
    validator.check(given, schema)
    try ParameterFaults.throwIfAny(validator, "options")
    return given["validate"]?.string.flatMap(Configuration.Validation.init) ?? .strict
  }

  private static func headers(_ object: JSONObject?) throws(AkoolError) -> [HTTPHeader] {
    let members = object?.members ?? []
    guard members.count <= mostHeaders, members.reduce(0, { $0 + $1.key.utf8.count }) <= longestNames else {
      throw AkoolError(
        .invalidArgument, "options: headers: \(members.count) header lines, at most \(mostHeaders) are allowed")
    }
    var headers: [HTTPHeader] = []
    for (name, value) in members {
      guard isToken(name), let text = value.string, text.utf8.allSatisfy({ $0 == 0x09 || (0x20...0x7E).contains($0) })
      else {
        throw AkoolError(
          .invalidArgument, "options: headers: \(SchemaValidator.quoted(name)) is not a header line of printable ASCII")
      }
      guard !reserved.contains(name.lowercased()) else {
        throw AkoolError(.invalidArgument, "options: headers: \(name) is written by libakool itself")
      }
      headers.append(HTTPHeader(name, text))
    }
    return headers
  }

  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122: return true
        default: return "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}

/// Turns faults of parameters and options into one error.
enum ParameterFaults {
  static func throwIfAny(_ validator: SchemaValidator, _ what: String) throws(AkoolError) {
    guard let first = validator.faults.first else { return }
    let more = validator.faultCount > 1 ? " (and \(validator.faultCount - 1) more, see details)" : ""
    throw AkoolError(
      .invalidArgument, "\(what): \(first.message)\(more)",
      hint: "akool_describe has the schema of parameters and options. For what is newer than this library there are "
        + "extra_params and validate.", details: .array(validator.faults.map(\.json)))
  }
}
