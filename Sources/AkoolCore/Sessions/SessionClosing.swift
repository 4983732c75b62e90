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
  private let waiting = WaiterList<SessionClosingRound>()
  private var watching: [(SessionClosingRound) -> Void] = []

  init(_ id: String, _ reason: LedgerEnd.Reason, isOurs: Bool) {
    self.id = id
    self.reason = reason
    self.isOurs = isOurs
  }

  /// Waits for the next round, whose time comes now.
  func wait(_ scope: Scope) async throws(Interruption) -> SessionClosingRound {
    pause?.interrupt(.cancelled)
    return try await waiting.wait(scope)
  }

  /// Calls `watcher` once, with the next round.
  func watch(_ watcher: @escaping (SessionClosingRound) -> Void) {
    pause?.interrupt(.cancelled)
    watching.append(watcher)
  }

  func tell(_ round: SessionClosingRound) {
    if case .success = round.outcome { isOver = true } else if !isOurs { isOver = false }
    waiting.resumeAll(round)
    let watchers = watching
    watching = []
    for watcher in watchers { watcher(round) }
  }
}

/// How one attempt to close a session ended.
struct SessionClosingRound {
  let outcome: Result<JSONObject, AkoolError>
  /// What it took.
  let call: CallContext
}
