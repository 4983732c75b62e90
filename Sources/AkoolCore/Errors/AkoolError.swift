/// Every failure of this library, with what a person needs to act on it.
///
/// Every call can end in one and hardly any does, so it is no wider than a pointer: the frames of asynchronous
/// functions have a place for each error they may meet.
public struct AkoolError: Error, Sendable {
  private struct Parts: Sendable {
    var code: ResultCode
    var message: String
    var akoolCode: Int64?
    var httpStatus: Int?
    var isRetryable: Bool
    var retryAfterMilliseconds: Int64?
    var hint: String?
    var details: JSON?
  }

  private var parts: Indirect<Parts>

  /// The kind of failure.
  public var code: ResultCode {
    get { parts.value.code }
    set { parts.value.code = newValue }
  }

  /// What happened and where, in one line, without secrets.
  public var message: String {
    get { parts.value.message }
    set { parts.value.message = newValue }
  }

  /// AKOOL's own number, when the failure is AKOOL's answer.
  public var akoolCode: Int64? {
    get { parts.value.akoolCode }
    set { parts.value.akoolCode = newValue }
  }

  /// The HTTP status of the answer, when there was one.
  public var httpStatus: Int? {
    get { parts.value.httpStatus }
    set { parts.value.httpStatus = newValue }
  }

  /// Whether the same call may succeed later without a change.
  public var isRetryable: Bool {
    get { parts.value.isRetryable }
    set { parts.value.isRetryable = newValue }
  }

  /// How long AKOOL asks to wait first.
  public var retryAfterMilliseconds: Int64? {
    get { parts.value.retryAfterMilliseconds }
    set { parts.value.retryAfterMilliseconds = newValue }
  }

  /// What to do about it.
  public var hint: String? {
    get { parts.value.hint }
    set { parts.value.hint = newValue }
  }

  /// More for programs: the list of validation faults, the candidates of an unknown outcome.
  public var details: JSON? {
    get { parts.value.details }
    set { parts.value.details = newValue }
  }

  /// An error that is our own finding, not AKOOL's answer.
  public init(
    _ code: ResultCode, _ message: String, hint: String? = nil, isRetryable: Bool = false,
    details: JSON? = nil
  ) {
    parts = Indirect(Parts(code: code, message: message, isRetryable: isRetryable, hint: hint, details: details))
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
