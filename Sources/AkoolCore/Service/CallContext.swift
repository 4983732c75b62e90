/// One call: its options, its time, and what has happened so far. Lives on the event loop.
final class CallContext {
  let request: UInt64
  let operation: String
  let options: CallOptions
  let scope: Scope
  /// Whether the call saves money: it has places and turns of its own.
  let isUrgent: Bool
  let started: Instant
  /// Request that the caller's thread has built, where the operation sends one that depends on nothing else.
  let prepared: EndpointRequest?
  /// Shared with the thread that waits for a paid call.
  let paid: PaidProgress?
  /// Line of calls in which this one runs.
  var line: CallLine?
  /// Its place in that line, while it does not run.
  var turn: WaiterList<Void>.Waiter?
  /// Moment at which a request must have been sent: the deadline of the caller, also where the call itself goes on.
  let latestStart: Instant
  /// Number among the calls of the client itself.
  var backgroundNumber: UInt64 = 0
  /// Every attempt, where a trace is wanted.
  private(set) var attempts: [AttemptRecord] = []
  /// Number of requests that were handed to the transport.
  private(set) var attemptCount: Int64 = 0
  /// Last body of AKOOL, if the caller wants it.
  var rawBody: JSON?
  /// `Date` of the last reply as it came: hardly any call needs to read it.
  var serverDateText: String?
  /// `Date` of the last reply, in Unix milliseconds.
  var serverDate: Int64? { serverDateText.flatMap(HTTPDate.milliseconds) }
  /// Time for which the call has waited because AKOOL asked to slow down, in milliseconds.
  var slowedDown: Int64 = 0
  /// Whether a request of this call is with the transport, or its reply is being read.
  var isUnderWay = false
  /// Whether the server may have the request that an interruption ended.
  var interruptedDelivery = Delivery.notSent
  /// Whether an earlier attempt of this call may have been handled without a reply.
  var hasLostReply = false

  init(
    _ request: UInt64, _ operation: String, _ options: CallOptions, _ scope: Scope, isUrgent: Bool = false,
    prepared: EndpointRequest? = nil, paid: PaidProgress? = nil, latestStart: Instant? = nil
  ) {
    self.request = request
    self.operation = operation
    self.options = options
    self.scope = scope
    self.isUrgent = isUrgent
    self.prepared = prepared
    self.paid = paid
    self.latestStart = latestStart ?? scope.deadline
    started = scope.started
  }

  /// The request of an operation that declares its endpoint.
  func endpointRequest() throws(AkoolError) -> EndpointRequest {
    guard let prepared else { throw AkoolError(.internal, "\(operation): the request was not prepared") }
    return prepared
  }

  func record(_ attempt: @autoclosure () -> AttemptRecord) {
    if options.wantsTrace { attempts.append(attempt()) }
  }

  func beginAttempt() { attemptCount += 1 }

  func noteRetry(reason: String, delay: Int64) {
    guard !attempts.isEmpty else { return }
    attempts[attempts.count - 1].next = reason
    attempts[attempts.count - 1].delay = delay
  }

  /// Takes over what a call did that worked for this one.
  func absorb(_ other: CallContext) {
    attempts += other.attempts
    attemptCount += other.attemptCount
    slowedDown += other.slowedDown
    rawBody = other.rawBody ?? rawBody
    serverDateText = other.serverDateText ?? serverDateText
  }

  private var elapsedMilliseconds: Int64 { scope.now.milliseconds(after: started) }

  func meta(isSimulated: Bool) -> JSON {
    var meta = JSONObject(unique: [
      ("operation", .string(operation)), ("attempts", .integer(attemptCount)),
      ("elapsed_ms", .integer(elapsedMilliseconds)),
    ])
    if isSimulated { meta["simulated"] = true }
    if slowedDown > 0 { meta["slowed_down_ms"] = .integer(slowedDown) }
    meta["tag"] = options.tag.map(JSON.string)
    if options.wantsTrace { meta["trace"] = .array(attempts.map { $0.json(since: started) }) }
    return .object(meta)
  }
}

/// One attempt, for the trace.
struct AttemptRecord {
  let method: String
  let path: String
  let started: Instant
  let ended: Instant
  let httpStatus: Int?
  let akoolCode: Int64?
  let failure: ResultCode?
  var next: String?
  var delay: Int64?

  init(
    _ request: EndpointRequest, started: Instant, ended: Instant, httpStatus: Int?,
    _ result: Result<Envelope, AttemptFailure>
  ) {
    method = request.method
    path = request.path
    self.started = started
    self.ended = ended
    self.httpStatus = httpStatus
    switch result {
    case .success: (akoolCode, failure) = (AkoolCode.success, nil)
    case .failure(let failed): (akoolCode, failure) = (failed.error.akoolCode, failed.error.code)
    }
  }

  func json(since start: Instant) -> JSON {
    var object: JSONObject = [
      "method": .string(method), "path": .string(path), "at_ms": .integer(started.milliseconds(after: start)),
      "took_ms": .integer(ended.milliseconds(after: started)),
    ]
    object["http_status"] = httpStatus.map { .integer(Int64($0)) }
    object["akool_code"] = akoolCode.map(JSON.integer)
    object["code"] = .string((failure ?? .ok).name)
    object["next"] = next.map(JSON.string)
    object["delay_ms"] = delay.map(JSON.integer)
    return .object(object)
  }
}
