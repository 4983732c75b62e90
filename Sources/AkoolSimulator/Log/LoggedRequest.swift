internal import AkoolCore

/// One line of the request log.
struct LoggedRequest {
  /// Longer bodies are not kept.
  private static let bodyLimit = 16_384

  let number: Int64
  let at: Milliseconds
  let method: String
  let path: String
  let query: [SimulatedRequest.QueryItem]
  let operation: String?
  let headerNames: [String]
  let authentication: String
  /// Nil if it was too long to keep, or was dropped for newer ones.
  var body: [UInt8]?
  let bodySize: Int
  let connection: UInt64?
  let fault: JSON?

  /// Number of the request that this one is a duplicate of.
  var duplicateOf: Int64?
  var uid: Int64?
  /// When the request took effect; nil if it never did.
  var handledAt: Milliseconds?
  /// The business code that handling it came to, whatever became of the reply.
  var outcome: Int64?
  /// What was answered; nil where the connection was reset or nothing was sent.
  var replyStatus: Int?
  var replyCode: Int64?
  var subject: String?

  init(_ request: SimulatedRequest, number: Int64, at: Milliseconds, operation: String?, fault: JSON?) {
    self.number = number
    self.at = at
    self.operation = operation
    self.fault = fault
    method = request.method
    path = request.path
    query = request.query
    headerNames = request.headers.map(\.name)
    authentication = Authentication.kind(request)
    body = request.body.count <= Self.bodyLimit ? request.body : nil
    bodySize = request.body.count
    connection = request.connection
  }
}

extension LoggedRequest {
  var json: JSON {
    var object = JSONObject([
      ("n", .integer(number)), ("at", .integer(at)), ("method", .string(method)), ("path", .string(path)),
      ("query", .object(JSONObject(query.map { ($0.name, .string($0.value)) }))),
    ])
    object["operation"] = operation.map(JSON.string)
    object["headers"] = .array(headerNames.map(JSON.string))
    object["auth"] = .string(authentication)
    object["body"] = shownBody
    object["connection"] = connection.map { .integer(Int64(truncatingIfNeeded: $0)) }
    object["fault"] = fault
    object["duplicate_of"] = duplicateOf.map(JSON.integer)
    addOutcome(to: &object)
    return .object(object)
  }

  private var shownBody: JSON? {
    guard bodySize > 0 else { return nil }
    return body.map(Redaction.body) ?? .string("\(bodySize) bytes, too many to keep")
  }

  private func addOutcome(to object: inout JSONObject) {
    object["uid"] = uid.map(JSON.integer)
    object["handled"] = .bool(handledAt != nil)
    object["handled_at"] = handledAt.map(JSON.integer)
    object["outcome"] = outcome.map(JSON.integer)
    object["reply_status"] = replyStatus.map { .integer(Int64($0)) }
    object["reply_code"] = replyCode.map(JSON.integer)
    object["subject"] = subject.map(JSON.string)
  }
}
