/// Every failure of this library, with what a person needs to act on it.
public struct AkoolError: Error, Sendable {
  /// The kind of failure.
  public var code: ResultCode
  /// What happened and where, in one line, without secrets.
  public var message: String
  /// AKOOL's own number, when the failure is AKOOL's answer.
  public var akoolCode: Int64?
  /// The HTTP status of the answer, when there was one.
  public var httpStatus: Int?
  /// Whether the same call may succeed later without a change.
  public var isRetryable: Bool
  /// How long AKOOL asks to wait first.
  public var retryAfterMilliseconds: Int64?
  /// What to do about it.
  public var hint: String?
  /// More for programs: the list of validation faults, the candidates of an unknown outcome.
  public var details: JSON?

  /// An error that is our own finding, not AKOOL's answer.
  public init(
    _ code: ResultCode, _ message: String, hint: String? = nil, isRetryable: Bool = false,
    details: JSON? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.isRetryable = isRetryable
    self.details = details
  }

  /// The error as the `error` member of a failed reply; members without a value are left out.
  public var json: JSON {
    var object = JSONObject()
    object["code"] = .string(code.name)
    object["akool_code"] = akoolCode.map(JSON.integer)
    object["message"] = .string(message)
    object["http_status"] = httpStatus.map { .integer(Int64($0)) }
    object["retryable"] = .bool(isRetryable)
    object["retry_after_ms"] = retryAfterMilliseconds.map(JSON.integer)
    object["hint"] = hint.map(JSON.string)
    object["details"] = details
    return .object(object)
  }
}
