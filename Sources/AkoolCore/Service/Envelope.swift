/// A successful answer of AKOOL.
struct Envelope {
  /// What `data` held; null when it was absent.
  let data: JSON
  /// The whole body.
  let body: JSON
  /// The size of the body as it came, in bytes.
  let size: Int
}

/// An attempt that brought no success.
struct AttemptFailure: Error {
  /// What would be reported if this were the last attempt.
  var error: AkoolError
  /// Whether the server may have handled the request.
  var delivery: Delivery
  /// Whether another attempt may do better.
  var isTransient: Bool
  /// Whether the token was refused.
  var isTokenRefused = false
  /// The word for it in traces, events and statistics.
  var reason: String
}
