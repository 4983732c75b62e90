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
}
