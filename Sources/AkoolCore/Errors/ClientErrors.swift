/// The errors of the client itself, in one place so that they read alike everywhere.
enum ClientErrors {
  static let shuttingDown = AkoolError(.shuttingDown, "the client is being destroyed")

  static let wrongThread = AkoolError(
    .wrongThread, "waiting and destroying are not possible inside a callback of the same client",
    hint: "Hand the work to another thread, or submit and take the reply in a callback.")

  static let callbackTakesEvents = AkoolError(
    .invalidArgument, "a status callback is set and takes all events",
    hint: "Clear the status callback before pulling events.")

  static func noSuchRequest(_ id: UInt64) -> AkoolError {
    AkoolError(
      .notFound, "no reply is waiting for request \(id): unknown, or already handed out",
      hint: #"Each reply is handed out once. Submit with {"reply": "wait"} to keep it out of the event stream."#)
  }

  static func stillRunning(_ id: UInt64) -> AkoolError {
    AkoolError(.timeout, "request \(id) is still running", hint: "Wait again, or cancel it.", isRetryable: true)
  }

  /// The I/O thread did not end a request in time, and nothing paid was sent.
  static func unanswered(_ id: UInt64) -> AkoolError {
    AkoolError(
      .timeout, "the library's I/O thread did not end request \(id) by its deadline; the request is cancelled",
      hint: "Retry. No paid request was sent, and none will be.", isRetryable: true)
  }

  /// The I/O thread did not end a cancelled request in time, and nothing paid was sent.
  static func cancelledUnanswered(_ id: UInt64) -> AkoolError {
    AkoolError(
      .cancelled, "request \(id) was cancelled while the library's I/O thread was busy with something else",
      hint: "No paid request was sent, and none will be.")
  }

  /// The I/O thread did not end a paid request in time, and may have sent it.
  static func unansweredPaid(_ id: UInt64) -> AkoolError {
    AkoolError(
      .outcomeUnknown,
      "the library's I/O thread did not end request \(id) by its deadline; the paid request may have been sent",
      hint: "Do not repeat it at once. The library closes a session that this request opens.")
  }

  static func tooManyRequests(_ limit: Int) -> AkoolError {
    AkoolError(
      .localLimit, "\(limit) requests are open or have replies that nobody took",
      hint: "Take replies, or raise max_requests.", isRetryable: true)
  }
}
