internal import AkoolCore

/// The strings that make a request.
struct Submission {
  let operation: String
  let parameters: Result<JSON, AkoolError>
  let options: Result<JSON, AkoolError>

  init(
    _ operation: UnsafePointer<CChar>?, _ parameters: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?
  ) throws(AkoolError) {
    self.operation = try StringInput.text(operation, "operation")
    self.parameters = StringInput.result(parameters, "params_json")
    self.options = StringInput.result(options, "options_json")
  }
}

extension Client {
  /// `accepted` runs with the number of the request before anything of it can happen.
  func submit(
    _ submission: Submission, delivery: ReplyDelivery, accepted: (UInt64) -> Void
  ) throws(AkoolError) {
    try submit(
      operation: submission.operation, parameters: submission.parameters, options: submission.options,
      delivery: delivery, accepted: accepted)
  }

  /// Inside a callback of the client nobody can wait. Asked before anything is done that would have to be waited for.
  func checkMayWait() throws(AkoolError) {
    if isInsideCallback {
      throw AkoolError(.wrongThread, "waiting and destroying are not possible inside a callback of the same client")
    }
  }
}

/// The reply where no client is needed, or nil where one is.
func offlineReply(
  _ operation: UnsafePointer<CChar>?, _ parameters: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?
) throws(AkoolError) -> Reply? {
  try checkProcess()
  guard let submission = try? Submission(operation, parameters, options), Client.isOffline(submission.operation) else {
    return nil
  }
  return Client.callOffline(submission.operation, submission.parameters, options: submission.options)
}
