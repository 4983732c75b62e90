/// The types of events, as `type` of an event carries them. Each names its `Event.Importance`.
public enum EventType: String, Sendable, CaseIterable {
  /// Reply of a request without a waiting caller.
  ///
  /// Lasting.
  case reply = "reply"
  /// Another state of an avatar that a call waits for.
  ///
  /// State of the avatar.
  case avatarStateChanged = "avatar.state_changed"
  /// Failure of a request that will be sent again.
  ///
  /// Progress of the request.
  case callRetrying = "call.retrying"
  /// A new access token.
  ///
  /// State of the client.
  case tokenRefreshed = "auth.token_refreshed"
  /// End of a session that the client opened or watches.
  ///
  /// Lasting: the only trace of its seconds.
  case sessionEnded = "session.ended"
  /// A close whose effect is not confirmed yet.
  ///
  /// State of the session.
  case sessionClosePending = "session.close_pending"
  /// Outcome of a create whose reply was lost.
  ///
  /// Lasting: the only trace of a paid request.
  case sessionReconciled = "session.reconciled"
  /// Another state of a watched session.
  ///
  /// State of the session.
  case sessionStateChanged = "session.state_changed"
  /// An open successor of a session.
  ///
  /// Lasting: carries credentials.
  case sessionHandoverReady = "session.handover_ready"
  /// Failure to open the successor of a session.
  ///
  /// State of the session.
  case sessionHandoverFailed = "session.handover_failed"
  /// Near end of a session that the client opened.
  ///
  /// State of the session.
  case sessionExpiring = "session.expiring"
  /// Credit below `limits.min_credit`.
  ///
  /// State of the account.
  case creditLow = "account.credit_low"
  /// Growth of a file that is being saved.
  ///
  /// Progress of the file.
  case resourceDownloading = "resource.downloading"
  /// A saved file; the reply of the call says the same.
  ///
  /// State of the file.
  case resourceSaved = "resource.saved"
  /// Near end of a generated file that is not saved yet.
  ///
  /// State of the file.
  case resourceExpiring = "resource.expiring"
  /// A gap: events were dropped because the host did not take them.
  ///
  /// Stands in their place; never dropped.
  case eventsDropped = "events.dropped"

  /// Meaning of the event, in one sentence.
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
