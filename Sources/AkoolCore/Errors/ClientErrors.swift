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

  static func tooManyRequests(_ limit: Int) -> AkoolError {
    AkoolError(
      .localLimit, "\(limit) requests are open or have replies that nobody took",
      hint: "Take replies, or raise max_requests.", isRetryable: true)
  }
}
