/// One request as the host submitted it: parsed, validated and serialised on the host's thread.
final class Invocation: Sendable {
  /// Name of the operation, as it may be repeated.
  let operation: String
  let started: Instant
  let tag: String?
  /// Whether the reply is kept out of the event stream.
  let keepsReply: Bool
  /// What begins on the loop, or why nothing does.
  let outcome: Result<Prepared, AkoolError>
  /// Shared with the loop where the operation costs money.
  let paid: PaidProgress?

  /// A request that is ready to run.
  final class Prepared: Sendable {
    let operation: Operation
    let options: CallOptions
    let parameters: JSONObject
    /// Request of an operation that sends just one.
    let request: EndpointRequest?
    /// Faults that are not errors, where there are any.
    let warnings: SchemaValidator?
    /// Named secrets of parameters that are too large to be searched on the loop.
    let named: Secrets?

    init(
      _ operation: Operation, _ options: CallOptions, _ parameters: JSONObject, _ request: EndpointRequest?,
      _ warnings: SchemaValidator?, _ named: Secrets?
    ) {
      self.operation = operation
      self.options = options
      self.parameters = parameters
      self.request = request
      self.warnings = warnings
      self.named = named
    }
  }

  /// Time after its deadline at which a call ends whatever the loop does, in milliseconds.
  static let margin: Int64 = 1_000
  /// Size of parameters above which they are not searched on the loop, in bytes.
  private static let large = 16_384
  /// Most bytes of parameters that the operation itself works on, and not only sends.
  private static let mostForLoop = 1_048_576
  /// Longest path with query that is sent, in bytes.
  private static let longestTarget = 16_384

  init(
    _ name: String, _ parameters: Result<JSON, AkoolError>, _ options: Result<JSON, AkoolError>,
    _ configuration: Configuration, _ secrets: Secrets, started: Instant
  ) {
    let given = try? options.get()
    self.started = started
    tag = given?["tag"]?.string
    keepsReply = given?["reply"]?.string == "wait"
    do throws(AkoolError) {
      let prepared = try Self.prepare(name, parameters, options, configuration)
      operation = prepared.operation.name
      paid = prepared.operation.safety == .paid ? PaidProgress() : nil
      outcome = .success(prepared)
    } catch {
      var secrets = secrets
      secrets.add(namedIn: (try? parameters.get()) ?? .null)
      let isKnown = Catalogue.operations[name] != nil
      operation = isKnown ? name : secrets.concealed(SchemaValidator.quoted(name))
      paid = nil
      outcome = .failure(secrets.concealed(error))
    }
  }

  /// Moment on the system's clock at which the thread that waits for the reply gives up.
  var hostDeadline: Instant? {
    guard case .success(let prepared) = outcome else { return nil }
    return Instant.now.adding(milliseconds: prepared.options.timeout + Self.margin)
  }

  private static func prepare(
    _ name: String, _ parameters: Result<JSON, AkoolError>, _ options: Result<JSON, AkoolError>,
    _ configuration: Configuration
  ) throws(AkoolError) -> Prepared {
    let operation = try Catalogue.operation(name)
    let options = try CallOptions(options.get(), configuration, defaultTimeout: operation.defaultTimeout)
    let given = try parameters.get()
    guard let object = given.object else {
      throw AkoolError(
        .invalidArgument, "\(operation.name): the parameters must be a JSON object, not \(given.typeName)")
    }
    try operation.judge(object, configuration)
    var warnings: SchemaValidator?
    let checked = try operation.checked(object, options.validation) { warnings = $0 }
    let request = try operation.request?(checked, configuration)
    let size = request?.size ?? given.weight(upTo: mostForLoop)
    try checkSize(operation, request, size)
    var named: Secrets?
    if size > large {
      var secrets = Secrets()
      secrets.add(namedIn: given)
      named = secrets
    }
    return Prepared(operation, options, checked, request, warnings, named)
  }

  private static func checkSize(
    _ operation: Operation, _ request: EndpointRequest?, _ size: Int
  ) throws(AkoolError) {
    if let request, request.target.utf8.count > longestTarget {
      throw AkoolError(
        .invalidArgument, "\(operation.name): path and query have more than \(longestTarget) bytes",
        hint: "Send fewer or shorter parameters.")
    }
    guard request == nil, size >= mostForLoop else { return }
    throw AkoolError(
      .invalidArgument, "\(operation.name): the parameters have more than \(mostForLoop) bytes",
      hint: "Send fewer or shorter parameters.")
  }
}

extension JSON {
  /// Size in bytes, about, counted no further than a limit.
  func weight(upTo limit: Int) -> Int {
    switch self {
    case .string(let text): return text.utf8.count + 8
    case .array(let elements):
      var weight = 8
      for element in elements where weight < limit { weight += element.weight(upTo: limit - weight) }
      return weight
    case .object(let object):
      var weight = 8
      for (key, value) in object.members where weight < limit {
        weight += key.utf8.count + 8 + value.weight(upTo: limit - weight)
      }
      return weight
    default: return 8
    }
  }
}
