/// Why something that was waited for is waited for no longer.
enum Interruption: Error {
  case deadline
  case cancelled
  case shuttingDown

  /// As an error; `activity` says what the call was doing.
  func error(during activity: String, timeout: Int64) -> AkoolError {
    switch self {
    case .deadline:
      return AkoolError(
        .timeout, "the deadline of \(timeout) ms passed while \(activity)",
        hint: "Give the call more time with timeout_ms, or look at what it was doing.", isRetryable: true)
    case .cancelled: return AkoolError(.cancelled, "cancelled while \(activity)")
    case .shuttingDown: return AkoolError(.shuttingDown, "the client was closed while \(activity)")
    }
  }
}
