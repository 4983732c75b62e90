/// A session that is being closed until it is seen to be over, whoever still waits for that.
final class SessionClosing {
  let id: String
  let reason: LedgerEnd.Reason
  /// Whether the session is in this client's care: then it is not given up.
  let isOurs: Bool
  /// Whether the session was seen to be over; nil while nobody knows.
  private(set) var isOver: Bool?
  /// Whether it was told that the close is not confirmed yet.
  var wasReportedPending = false
  /// The wait between two rounds.
  var pause: Scope?
  private var waiting: [ObjectIdentifier: (SessionClosingRound) -> Void] = [:]

  init(_ id: String, _ reason: LedgerEnd.Reason, isOurs: Bool) {
    self.id = id
    self.reason = reason
    self.isOurs = isOurs
  }

  /// Has the next round, whose time comes now, told to a waiter.
  func wait(_ waiter: AnyObject, _ resume: @escaping (SessionClosingRound) -> Void) {
    waiting[ObjectIdentifier(waiter)] = resume
    pause?.interrupt(.cancelled)
  }

  func leave(_ waiter: AnyObject) { waiting[ObjectIdentifier(waiter)] = nil }

  func tell(_ round: SessionClosingRound) {
    if case .success = round.outcome { isOver = true } else if !isOurs { isOver = false }
    let resumed = waiting.values
    waiting = [:]
    for resume in resumed { resume(round) }
  }
}

/// How one attempt to close a session ended.
struct SessionClosingRound {
  let outcome: Result<JSONObject, AkoolError>
  /// What it took.
  let call: CallContext
}
