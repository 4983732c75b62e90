/// One endpoint: where it is, what the catalogue calls it, who answers.
struct Route: Sendable {
  typealias Handler = @Sendable (Model, Call) throws(Refusal) -> Answer

  let method: String
  let path: String
  /// The operation's name in the library's catalogue; fault rules match by it.
  let operation: String
  let handler: Handler
  /// Whether credentials are needed.
  let isProtected: Bool

  init(_ method: String, _ path: String, _ operation: String, isProtected: Bool = true, _ handler: @escaping Handler) {
    self.method = method
    self.path = path
    self.operation = operation
    self.handler = handler
    self.isProtected = isProtected
  }

  /// Whether the request's path is this one with something in place of the braces.
  func matches(_ request: SimulatedRequest) -> Bool {
    let stem = path.prefix { $0 != "{" }
    return method == request.method && request.path.hasPrefix(stem) && request.path.count > stem.count
      && !request.path.dropFirst(stem.count).contains("/")
  }
}
