/// The rules of the `request` operation: a path of the catalogue takes that operation's rules.
enum GenericRequest {
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

  @Sendable static func endpointRequest(_ parameters: JSONObject) -> EndpointRequest {
    let method = parameters["method"]?.string ?? "GET"
    let path = parameters["path"]?.string ?? "/"
    let isReading = method == "GET" || method == "HEAD" || method == "OPTIONS"
    let safety = operation(method, path)?.safety ?? (isReading ? .safe : .once)
    let query = parameters["query"]?.object.map(QueryParameters.list) ?? []
    let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return EndpointRequest(
      method: method, path: parts[0], query: query, queryInPath: parts.count > 1 ? parts[1] : nil,
      body: parameters["body"], safety: safety)
  }

  /// The operation behind a method and path, however the path is dressed up.
  private static func operation(_ method: String, _ path: String) -> Operation? {
    var plain = path.prefix { $0 != "?" }
    while plain.hasSuffix("/"), plain.count > 1 { plain.removeLast() }
    return Catalogue.operation(method, String(plain))
  }
}
