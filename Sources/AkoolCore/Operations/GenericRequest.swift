/// The rules of the `request` operation: a path of the catalogue takes that operation's rules.
enum GenericRequest {
  // MARK: In every mode of validate

  /// Returns the request to send.
  ///
  /// - Throws: INVALID_ARGUMENT for a method or path that must not be sent, in every mode of `validate`.
  @Sendable static func endpointRequest(
    _ parameters: JSONObject, _ configuration: Configuration
  ) throws(AkoolError) -> EndpointRequest {
    let method = try method(parameters)
    let target = try target(parameters, configuration)
    let isReading = method == "GET" || method == "HEAD" || method == "OPTIONS"
    let safety = operation(method, target.path)?.safety ?? (isReading ? .safe : .once)
    let query = parameters["query"]?.object.map(QueryParameters.list) ?? []
    return EndpointRequest(
      method: method, path: target.path, query: query, queryInPath: target.query, body: parameters["body"],
      safety: safety)
  }

  /// Refuses what must not be sent. It comes before the checks of a mode, whose faults say less.
  @Sendable static func judge(_ parameters: JSONObject, _ configuration: Configuration) throws(AkoolError) {
    _ = try method(parameters)
    _ = try target(parameters, configuration)
  }

  private static func target(
    _ parameters: JSONObject, _ configuration: Configuration
  ) throws(AkoolError) -> RequestURL {
    guard let path = (parameters["path"] ?? "/").string else {
      throw AkoolError(.invalidArgument, "request: path: must be a string")
    }
    return try RequestURL(path, configuration)
  }

  /// A method with anything but the characters of a token could smuggle in a second request.
  private static func method(_ parameters: JSONObject) throws(AkoolError) -> String {
    guard let method = (parameters["method"] ?? "GET").string, isToken(method) else {
      let given = parameters["method"]?.string.map(ShortText.line) ?? "the value"
      throw AkoolError(
        .invalidArgument, "request: method: \(given) is not an HTTP method", hint: "Use letters, as in GET or PATCH.")
    }
    if method.lowercased() == "head", parameters["body"] != nil {
      throw AkoolError(.invalidArgument, "request: body: does not go with \(method)", hint: "Leave the body out.")
    }
    return method
  }

  private static func isToken(_ method: String) -> Bool {
    !method.isEmpty && method.utf8.count <= 64
      && method.utf8.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122: return true
        default: return "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  // MARK: In the modes that check parameters

  @Sendable static func check(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    guard let method = parameters["method"]?.string, let path = parameters["path"]?.string else { return }
    if method == "GET" || method == "HEAD", parameters["body"] != nil {
      validator.report("body", "does not go with \(method)")
    }
    guard let operation = operation(method, path) else { return }
    if operation.safety == .paid {
      validator.report("path", "costs money: use the operation \(operation.name) for it")
      return
    }
    let source = method == "GET" ? parameters["query"] : parameters["body"]
    guard let object = (source ?? [:]).object else { return }
    let inner = JSONObject(object.members.filter { $0.key != "extra_params" })
    var schema = operation.parameters
    if let name = operation.endpoint?.pathParameter { schema.fields.removeAll { $0.name == name } }
    validator.check(inner, schema, at: method == "GET" ? "query" : "body")
  }

  /// Returns the operation of a method and path. The query and trailing slashes do not count.
  private static func operation(_ method: String, _ path: String) -> Operation? {
    guard path.utf8.count <= RequestURL.maximumPathBytes else { return nil }
    var plain = path.utf8.prefix { $0 != UInt8(ascii: "?") }
    while plain.last == UInt8(ascii: "/"), plain.startIndex != plain.index(before: plain.endIndex) {
      plain.removeLast()
    }
    return Catalogue.operation(method, String(Substring(plain)))
  }
}
