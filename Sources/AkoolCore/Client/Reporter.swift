/// Turns what happens to a client into events and log records. Lives on the event loop.
final class Reporter: ServiceReporter {
  private let mailbox: Mailbox
  private let loop: EventLoop
  /// Source of the secrets that no record may hold.
  weak var authenticator: Authenticator?

  init(_ mailbox: Mailbox, _ loop: EventLoop) {
    self.mailbox = mailbox
    self.loop = loop
  }

  func willRetry(_ call: CallContext, _ attempt: Int, _ failure: AttemptFailure, delay: Int64) {
    mailbox.post(
      Event(
        .callRetrying,
        [
          "request_id": .integer(Int64(clamping: call.request)), "operation": .string(call.operation),
          "attempt": .integer(Int64(attempt)), "code": .string(failure.error.code.name), "delay_ms": .integer(delay),
        ], importance: .progress(subject: "\(call.request)")))
  }

  func didObtainToken(expires: Int64?) {
    var event = JSONObject()
    event["expires_at"] = expires.map(JSON.integer)
    mailbox.post(Event(.tokenRefreshed, event, importance: .state(subject: "")))
  }

  func log(_ level: LogLevel, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> JSONObject) {
    guard mailbox.wantsLog(level) else { return }
    var record: JSONObject = [
      "at": .integer(loop.clock.wallMilliseconds), "level": .string(level.name), "message": .string(message()),
    ]
    record.merge(fields())
    mailbox.post(log: authenticator?.secrets.concealed(.object(record)) ?? .object(record))
  }
}
