/// The types of events, as `type` of an event carries them.
public enum EventType: String, Sendable, CaseIterable {
  /// A request ended whose reply nobody waits for.
  case reply = "reply"
  /// An avatar that is waited for reached another state.
  case avatarStateChanged = "avatar.state_changed"
  /// A request failed and will be sent again.
  case callRetrying = "call.retrying"
  /// A new access token was obtained.
  case tokenRefreshed = "auth.token_refreshed"
  /// A session that the client opened is over.
  case sessionEnded = "session.ended"
  /// A session could not be seen to be closed yet.
  case sessionClosePending = "session.close_pending"
  /// Events were dropped because nobody took them.
  case eventsDropped = "events.dropped"

  /// What the event means, in one sentence.
  public var summary: String {
    switch self {
    case .reply: return "A request ended whose reply nobody waits for: {request_id, result, tag?, reply}."
    case .avatarStateChanged:
      return "An avatar that is waited for reached another state: {id, avatar_id?, state, status}."
    case .callRetrying:
      return "A request failed and will be sent again: {request_id, operation, attempt, code, delay_ms}."
    case .tokenRefreshed: return "A new access token was obtained: {expires_at?}."
    case .sessionEnded: return "A session that the client opened is over: {id, avatar_id, reason, tag?}."
    case .sessionClosePending: return "A session could not be seen to be closed yet: {id, avatar_id, code}."
    case .eventsDropped: return "Events were dropped because nobody took them: {count}."
    }
  }
}
