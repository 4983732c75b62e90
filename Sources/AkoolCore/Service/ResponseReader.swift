/// Tells from a response what AKOOL means.
struct ResponseReader {
  let request: EndpointRequest
  let response: HTTPResponse
  let wantsRaw: Bool
  /// The client's and the call's own, which AKOOL's sentences may repeat.
  let secrets: Secrets
  /// The calendar's time, for a `Retry-After` without a `Date`.
  let now: Int64

  /// What was read, with the body as it came where that is wanted.
  struct Reading {
    let result: Result<Envelope, AttemptFailure>
    var raw: JSON?
  }

  /// - Parameter flag: Ends the reading early when it is set.
  func reading(_ flag: CancelFlag?) -> Reading {
    let result = Result { () throws(AttemptFailure) in try read(flag) }
    guard wantsRaw else { return Reading(result: result) }
    let raw = (try? result.get())?.body ?? (try? JSON.parse(serverBytes: response.body, cancel: flag))
    return Reading(result: result, raw: raw)
  }

  /// Success is `code` 1000 in the body, whatever the HTTP status.
  func read(_ flag: CancelFlag? = nil) throws(AttemptFailure) -> Envelope {
    if request.method == "HEAD" { return try head() }
    let body: JSON
    do throws(JSONError) { body = try JSON.parse(serverBytes: response.body, cancel: flag) } catch {
      throw notJSON(error)
    }
    guard let code = body["code"]?.integer else { throw withoutCode() }
    guard code == AkoolCode.success else { throw refusal(code, body["msg"]?.string) }
    return Envelope(data: body["data"] ?? .null, body: body, size: response.body.count)
  }

  /// The answer to HEAD has no body: its status is all there is.
  private func head() throws(AttemptFailure) -> Envelope {
    guard (200..<300).contains(response.status) else { throw unreadable("HTTP status \(response.status)") }
    return Envelope(data: .null, body: .null, size: 0)
  }

  private var place: String { "\(request.method) \(request.path)" }

  // MARK: AKOOL says no

  private func refusal(_ code: Int64, _ text: String?) -> AttemptFailure {
    let known = AkoolCode.find(code, saying: text)
    let meaning = known?.meaning ?? "AKOOL refused it with a code that is not documented"
    let said = text.map { " (\"\(quoted($0))\")" } ?? ""
    var error = AkoolError(
      known?.result ?? .remoteFailed, "\(place): \(meaning)\(said)", hint: known?.hint,
      isRetryable: known?.isRetryable ?? false)
    error.akoolCode = code
    complete(&error)
    let isRateLimit = error.code == .rateLimited
    return AttemptFailure(
      error: error, delivery: isRateLimit ? .notSent : .maybeSent, isTransient: isRateLimit,
      isTokenRefused: code == 1101, reason: isRateLimit ? "rate_limited" : "refused")
  }

  /// Longest part of a server's text that is worked on, in bytes.
  private static let mostText = 4_096

  /// AKOOL's own sentence: cut, without secrets, in one line.
  private func quoted(_ text: String) -> String {
    var secrets = secrets
    request.name(&secrets)
    return ShortText.line(secrets.concealed(String(decoding: text.utf8.prefix(Self.mostText), as: UTF8.self)))
  }

  // MARK: Not an answer of AKOOL

  private func notJSON(_ fault: JSONError) -> AttemptFailure {
    if fault.kind == .outOfMemory { return withoutMemory() }
    let kind = response.header("content-type") ?? "no content type"
    return unreadable(
      response.body.isEmpty
        ? "an empty body with HTTP status \(response.status)"
        : "a body that is not JSON (\(fault.message) at byte \(fault.offset); \(quoted(kind)), HTTP status \(response.status))"
    )
  }

  /// The reply came: for a request that must not happen twice, the outcome is not known.
  private func withoutMemory() -> AttemptFailure {
    var error = AkoolError(
      .localIO, "\(place): there is no memory to read the reply of \(response.body.count) bytes",
      hint: "Ask for smaller pages, or give the process more memory.", isRetryable: true)
    error.httpStatus = response.status
    return AttemptFailure(error: error, delivery: .maybeSent, isTransient: false, reason: "no_memory")
  }

  private func withoutCode() -> AttemptFailure {
    unreadable("JSON without a numeric \"code\" (HTTP status \(response.status))")
  }

  private func unreadable(_ what: String) -> AttemptFailure {
    let result = resultOfStatus
    var error = AkoolError(
      result, "\(place): the service answered with \(what)", hint: hint(result),
      isRetryable: result == .unavailable || result == .rateLimited)
    complete(&error)
    // A refusal by status was not handled; anything else may have been.
    let delivery: Delivery = (400..<500).contains(response.status) ? .notSent : .maybeSent
    return AttemptFailure(error: error, delivery: delivery, isTransient: error.isRetryable, reason: reason(result))
  }

  private var resultOfStatus: ResultCode {
    switch response.status {
    case 429: return .rateLimited
    case 500...599: return .unavailable
    default: return .badResponse
    }
  }

  private func hint(_ result: ResultCode) -> String {
    switch result {
    case .rateLimited: return "Send fewer requests at a time."
    case .unavailable: return "The service or a gateway before it has trouble; try again later."
    default: return "Check base_url and what stands between: a proxy or login page may have answered."
    }
  }

  private func reason(_ result: ResultCode) -> String {
    switch result {
    case .rateLimited: return "rate_limited"
    case .unavailable: return "unavailable"
    default: return "bad_response"
    }
  }

  private func complete(_ error: inout AkoolError) {
    error.httpStatus = response.status
    error.retryAfterMilliseconds = RetryAfter.milliseconds(response, now: now)
  }
}
