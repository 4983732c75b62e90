/// One thing that a client can be asked to do, declared once: dispatch, validation, `akool_describe`, typed
/// stubs and the reference pages all come from here.
public final class Operation: Sendable {
  /// What an operation does when it is called.
  typealias Body = @Sendable (isolated ClientCore, CallContext, JSONObject) async throws(AkoolError) -> JSON

  /// What an operation does without a client.
  typealias Offline = @Sendable (JSONObject, WorkStop) throws(AkoolError) -> JSON

  /// Builds the request of an operation.
  typealias Builder = @Sendable (JSONObject, Configuration) throws(AkoolError) -> EndpointRequest

  /// Refuses parameters.
  typealias Judge = @Sendable (JSONObject, Configuration) throws(AkoolError) -> Void

  /// The name, as `session.create`.
  public let name: String
  /// What it does, in one sentence.
  public let summary: String
  /// AKOOL's endpoint, or nil when the library does it itself or with several.
  public let endpoint: Endpoint?
  /// The parameters.
  public let parameters: ObjectSchema
  /// The shape of `data` in the reply.
  public let result: Schema
  /// Whether a repeat is safe.
  public let safety: RepeatSafety
  /// How well the operation is known.
  public let evidence: Evidence
  /// Parameters that work as they stand against a fresh simulator, where such exist.
  public let example: JSON
  /// Where the documents disagree, and what the library does about it.
  public let disagreements: [String]
  /// The deadline when neither the call nor the configuration says otherwise, in milliseconds.
  let defaultTimeout: Int64?
  /// Faults that a schema cannot express.
  let check: @Sendable (JSONObject, inout SchemaValidator) -> Void
  /// What the operation does where there is no client; nil for one that needs a client.
  let offline: Offline?
  /// Builds the request, on the caller's thread, of an operation that sends just one; else nil.
  let request: Builder?
  /// Refuses, on the caller's thread and in every mode of `validate`, what must not be sent.
  let judge: Judge
  /// True if the operation saves money: places and turns are reserved for it.
  let isUrgent: Bool
  /// True if results name files that AKOOL has generated.
  let namesGenerated: Bool
  /// True if the parameters are for libakool itself, which sends none of them as they are.
  let isLocal: Bool
  /// The part of the parameters that libakool itself uses.
  private let own: ObjectSchema
  private let body: Body

  // Not inlined: each declaration would have a copy.
  @inline(never)
  init(
    _ name: String, _ summary: String, endpoint: Endpoint? = nil, parameters: [Field] = [], result: Schema = .any,
    safety: RepeatSafety = .safe, evidence: Evidence, example: JSON = [:], disagreements: [String] = [],
    defaultTimeout: Int64? = nil,
    check: @escaping @Sendable (JSONObject, inout SchemaValidator) -> Void = { _, _ in },
    offline: Offline? = nil, isUrgent: Bool = false, request: Builder? = nil,
    judge: @escaping Judge = { _, _ in }, body: @escaping Body
  ) {
    self.name = name
    self.summary = summary
    self.endpoint = endpoint
    self.parameters = ObjectSchema(parameters + [Self.extraParameters])
    isLocal = endpoint == nil && request == nil
    own = ObjectSchema(isLocal ? parameters : parameters.compactMap(\.ownPart), isOpen: true)
    self.result = result
    namesGenerated = result.namesGenerated
    self.safety = safety
    self.evidence = evidence
    self.example = example
    self.disagreements = disagreements
    self.defaultTimeout = defaultTimeout
    self.check = check
    self.offline = offline
    self.isUrgent = isUrgent
    self.request = request
    self.judge = judge
    self.body = body
  }

  private static let extraParameters = Field.optional(
    "extra_params", .object(ObjectSchema(isOpen: true)),
    "Parameters that are sent as they are, unchecked: AKOOL adds fields.")

  func run(
    _ client: isolated ClientCore, _ call: CallContext, _ parameters: JSONObject
  ) async throws(AkoolError) -> JSON {
    try await body(client, call, parameters)
  }

  /// The parameters as they are to be used, `extra_params` merged in.
  ///
  /// `validate` is about what is sent to AKOOL: what libakool itself uses is checked in every mode.
  func checked(
    _ given: JSONObject, _ validation: Configuration.Validation, warn: (SchemaValidator) -> Void
  ) throws(AkoolError) -> JSONObject {
    let validation = isLocal ? .strict : validation
    var validator = SchemaValidator()
    if validation != .off {
      validator.check(given, parameters)
      check(given, &validator)
      if validation == .strict { try ParameterFaults.throwIfAny(validator, name) }
    }
    let merged = Self.merged(given)
    if let merged { try checkOwn(merged) } else if validation != .strict { try checkOwn(given) }
    if !validator.faults.isEmpty { warn(validator) }
    return merged ?? given
  }

  private func checkOwn(_ parameters: JSONObject) throws(AkoolError) {
    var validator = SchemaValidator()
    validator.check(parameters, own)
    if isLocal { check(parameters, &validator) }
    try ParameterFaults.throwIfAny(validator, name)
  }

  /// The parameters with `extra_params` in their places, or nil where there are none.
  private static func merged(_ given: JSONObject) -> JSONObject? {
    guard let extra = given["extra_params"]?.object else { return nil }
    var merged = given
    merged["extra_params"] = nil
    merged.merge(extra)
    return merged
  }
}

extension Field {
  /// This field as libakool itself needs it; nil for what is only sent.
  fileprivate var ownPart: Field? { own.map { Field(name, $0, summary) } }
}

/// A method and a path of the service.
public struct Endpoint: Sendable, Equatable {
  /// The HTTP method.
  public let method: String
  /// The path, without query.
  public let path: String

  static func get(_ path: String) -> Endpoint { Endpoint(method: "GET", path: path) }
  static func post(_ path: String) -> Endpoint { Endpoint(method: "POST", path: path) }

  /// The request with these parameters: what the path has in braces there, the rest in the query for GET, else in
  /// the body.
  func request(_ parameters: JSONObject, _ safety: RepeatSafety) -> EndpointRequest {
    var (path, parameters) = (path, parameters)
    if let (stem, name) = template {
      path = stem + PercentEncoding.encode(parameters[name]?.string ?? "")
      parameters[name] = nil
    }
    guard method == "GET" else {
      return EndpointRequest(method: method, path: path, body: .object(parameters), safety: safety)
    }
    return EndpointRequest(method: method, path: path, query: QueryParameters.list(parameters), safety: safety)
  }

  /// Whether a path is one of this endpoint's.
  func matches(_ method: String, _ path: String) -> Bool {
    guard method == self.method else { return false }
    guard let (stem, _) = template else { return path == self.path }
    return path.hasPrefix(stem) && path.utf8.count > stem.utf8.count
      && !path.utf8.dropFirst(stem.utf8.count).contains(UInt8(ascii: "/"))
  }

  /// The parameter that is part of the path.
  var pathParameter: String? { template?.name }

  /// A path that ends with a parameter in braces: what comes before, and the parameter's name.
  private var template: (stem: String, name: String)? {
    guard path.hasSuffix("}"), let brace = path.lastIndex(of: "{") else { return nil }
    return (String(path[..<brace]), String(path[path.index(after: brace)...].dropLast()))
  }
}

/// Parameters as parts of a query.
enum QueryParameters {
  static func list(_ parameters: JSONObject) -> [(name: String, value: String)] {
    parameters.members.compactMap { key, value in text(value).map { (key, $0) } }
  }

  private static func text(_ value: JSON) -> String? {
    switch value {
    case .null: return nil
    case .string(let text): return text
    default: return value.integer.map(String.init) ?? value.serialized()
    }
  }
}
