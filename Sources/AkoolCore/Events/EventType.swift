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
  /// A session that the client opened or watches is over.
  case sessionEnded = "session.ended"
  /// A session could not be seen to be closed yet.
  case sessionClosePending = "session.close_pending"
  /// What became of a create whose reply was lost is known.
  case sessionReconciled = "session.reconciled"
  /// A watched session reached another state.
  case sessionStateChanged = "session.state_changed"
  /// The successor of a session is open.
  case sessionHandoverReady = "session.handover_ready"
  /// The successor of a session could not be opened.
  case sessionHandoverFailed = "session.handover_failed"
  /// A session that the client opened ends soon.
  case sessionExpiring = "session.expiring"
  /// The account has less credit than `limits.min_credit`.
  case creditLow = "account.credit_low"
  /// A file that is being saved has grown.
  case resourceDownloading = "resource.downloading"
  /// A file was saved.
  case resourceSaved = "resource.saved"
  /// A generated file that is not saved yet is gone soon.
  case resourceExpiring = "resource.expiring"
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
    case .sessionEnded:
      return
        "A session that the client opened or watches is over: {id, avatar_id?, reason, seconds_used?, seconds_refunded?, credits_used?, estimated?, tag?}; reason is closed, expired, abandoned, failed, remote, swept or reconciled."
    case .sessionClosePending: return "A session could not be seen to be closed yet: {id, avatar_id, code}."
    case .sessionReconciled:
      return
        "What became of a create whose reply was lost is known: {intent, avatar_id, outcome, ids, tag?}; outcome is none, closed, adopted, candidates, or unknown when the list could not be read."
    case .sessionStateChanged: return "A watched session reached another state: {id, status, state?}."
    case .sessionHandoverReady:
      return
        "The successor of a session is open: {id, replaces, avatar_id, join, session, tag?}; the old one is closed after overlap_ms."
    case .sessionHandoverFailed:
      return "The successor of a session could not be opened: {id, avatar_id, code, message, tag?}."
    case .sessionExpiring: return "A session that the client opened ends soon: {id, avatar_id, seconds_left, tag?}."
    case .creditLow: return "The account has less credit than limits.min_credit: {credit, min_credit}."
    case .resourceDownloading: return "A file that is being saved has grown: {path, bytes, total?}."
    case .resourceSaved: return "A file was saved: {path, bytes, sha256}."
    case .resourceExpiring:
      return
        "A generated file that is not saved yet is gone soon, told a day and an hour before: {url, operation, expires_at, seconds_left}."
    case .eventsDropped: return "Events were dropped because nobody took them: {count}."
    }
  }
}
