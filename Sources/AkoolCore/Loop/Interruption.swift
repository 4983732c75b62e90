/// Reason why a call no longer waits for something.
enum Interruption: Error {
  case deadline
  case cancelled
  case shuttingDown

  /// Returns the error of a call that was doing `activity`.
  func error(during activity: String, _ scope: Scope) -> AkoolError { error(during: activity, timeout: scope.timeout) }

  /// Returns the error of a call that was doing `activity`.
  func error(during activity: String, timeout: Int64) -> AkoolError {
    switch self {
    case .deadline:
      return AkoolError(
        .timeout, "the deadline of \(timeout) ms passed while \(activity)",
        hint: "Give the call more time with timeout_ms, or check what it was doing.", isRetryable: true)
    case .cancelled: return AkoolError(.cancelled, "cancelled while \(activity)")
    case .shuttingDown: return AkoolError(.shuttingDown, "the client was closed while \(activity)")
    }
  }
}
