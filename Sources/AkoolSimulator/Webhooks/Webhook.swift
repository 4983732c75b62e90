internal import AkoolCore

/// What the service has to tell a program that gave an address for it.
struct Webhook {
  enum State: String {
    /// To be sent when its time comes.
    case due
    /// Under way; the front has it.
    case sent
    /// Answered with HTTP 200.
    case delivered
    /// Every attempt failed.
    case failed
    /// The account's secret is no key, so nothing can be signed.
    case unsigned
  }

  let url: String
  /// What it tells of.
  let subject: String
  /// The same at each attempt.
  let body: JSON?
  var state: State
  var dueAt: Milliseconds
  var attempts: Int64 = 0
  /// What the last attempt was answered with; nil for none, or no answer.
  var lastStatus: Int?

  func json(_ number: Int) -> JSON {
    var object = JSONObject([
      ("n", .integer(Int64(number))), ("url", .string(url)), ("subject", .string(subject)),
      ("state", .string(state.rawValue)), ("due_at", .integer(dueAt)), ("attempts", .integer(attempts)),
    ])
    object["last_status"] = lastStatus.map { .integer(Int64($0)) }
    object["body"] = body
    return .object(object)
  }
}
