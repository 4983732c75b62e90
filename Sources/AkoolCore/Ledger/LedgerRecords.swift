/// A client that writes to a ledger. It is alive as long as it holds the lock on its own file.
struct LedgerOwner: Sendable, Equatable {
  /// 32 random hexadecimal digits.
  let id: String
  /// For people only: process ids and host names say nothing across containers.
  let processID: Int64
  let host: String
  /// Unix milliseconds.
  let startedAt: Int64
}

/// A create that is about to be sent: written down first, so that no crash can hide it.
struct LedgerIntent: Sendable, Equatable {
  enum State: String, Sendable {
    /// The request may have left; what became of it is not known yet.
    case open
    /// No reply will come any more; a session of it is being looked for.
    case lost
    /// It became a session.
    case settled
    /// AKOOL refused it, or it never left: there is certainly no session.
    case refused
    /// Nobody found a session of it in the time in which one could have appeared.
    case vanished
    /// Sessions may be of it, and nobody can say for certain.
    case unknown
  }

  /// 32 random hexadecimal digits.
  let id: String
  var owner: String
  let account: String
  let avatarID: String
  let duration: Int64
  let streamType: String
  /// The name of the room that the caller brought; that name is no secret.
  let ownRoom: String?
  let tag: String?
  let heartbeatTimeout: Int64?
  /// When the request was about to leave, on the server's clock, in Unix milliseconds.
  var from: Int64
  /// Until when it may be handled, on the server's clock, in Unix milliseconds.
  var until: Int64
  var state = State.open
}

/// A paid session that one of the ledger's owners opened.
struct LedgerSession: Sendable, Equatable {
  enum State: String, Sendable {
    case open
    /// A close is wanted, and not confirmed yet.
    case closing
    case ended
  }

  let id: String
  let intent: String
  var owner: String
  let account: String
  let avatarID: String
  let tag: String?
  /// On the server's clock, in Unix milliseconds.
  let openedAt: Int64
  /// What was paid for, in seconds.
  let duration: Int64
  let heartbeatTimeout: Int64?
  /// On the server's clock, in Unix milliseconds.
  var lastHeartbeat: Int64?
  var state = State.open

  /// When it ends by itself, on the server's clock, in Unix milliseconds.
  var paidUntil: Int64 { openedAt + duration * 1000 }

  /// How it ends at a moment of the server's clock, by our reckoning: begun seconds count in full.
  func end(_ reason: LedgerEnd.Reason, at moment: Int64) -> LedgerEnd {
    let seconds = max(0, (moment - openedAt + 999) / 1000)
    let used = reason == .expired ? duration : min(duration, seconds)
    return LedgerEnd(reason: reason, at: moment, secondsUsed: used, secondsRefunded: duration - used)
  }
}

/// What owners left behind whose process is gone.
struct LedgerEstate: Sendable {
  var sessions: [LedgerSession] = []
  var intents: [LedgerIntent] = []
}

/// How a session came to its end.
struct LedgerEnd: Sendable, Equatable {
  enum Reason: String, Sendable, CaseIterable {
    case closed, expired, abandoned, failed, remote, swept, reconciled
  }

  let reason: Reason
  /// On the server's clock, in Unix milliseconds.
  let at: Int64
  /// Our reckoning: replies carry no price.
  let secondsUsed: Int64
  let secondsRefunded: Int64
}

/// A file that AKOOL has generated and deletes after seven days.
struct LedgerResource: Sendable, Equatable {
  enum State: String, Sendable, CaseIterable {
    /// Not saved yet.
    case due
    case saved
    /// Gone before it was saved.
    case expired
  }

  /// Where it was saved.
  struct Copy: Sendable, Equatable {
    let path: String
    /// Its SHA-256, where it is known.
    let digest: String?
    let bytes: Int64?
    /// Unix milliseconds.
    let savedAt: Int64
  }

  let account: String
  /// The URL without its query, which may hold a signature.
  let address: String
  /// Whether the URL had a query.
  let isSigned: Bool
  /// The operation that named it.
  let operation: String
  /// Unix milliseconds.
  let noticedAt: Int64
  /// Unix milliseconds.
  let expiresAt: Int64
  var state = State.due
  var copy: Copy?
}

/// What a client may have open and spend; nil is without limit.
struct SpendLimits: Sendable, Equatable {
  var openSessions: Int64?
  var sessionSeconds: Int64?
  var secondsPerHour: Int64?
  var secondsPerDay: Int64?
}

/// The answer to the wish to open a session.
enum LedgerReservation: Sendable, Equatable {
  /// The intent is written down; the request may leave.
  case granted
  /// No slot is free, or others wait for one. The ticket keeps the place in the queue.
  case full(ticket: Int64, ahead: Int64, open: Int64)
  /// A limit of seconds would be passed. `span` is "hour" or "day".
  case overspent(span: String, reserved: Int64, limit: Int64)
}

/// One line of `ledger.report`.
struct LedgerReportRow: Sendable, Equatable {
  /// UTC, as 2026-11-23.
  let day: String
  let avatarID: String
  let tag: String?
  /// The reason of the end, or `open`.
  let outcome: String
  let sums: LedgerSums
}

/// What is added up in reports.
struct LedgerSums: Sendable, Equatable {
  var sessions: Int64 = 0
  var secondsPaid: Int64 = 0
  var secondsUsed: Int64 = 0
  var secondsRefunded: Int64 = 0
  /// Refunded seconds of sessions that a sweep or a search closed.
  var secondsRecovered: Int64 = 0

  mutating func add(_ other: LedgerSums) {
    sessions += other.sessions
    secondsPaid += other.secondsPaid
    secondsUsed += other.secondsUsed
    secondsRefunded += other.secondsRefunded
    secondsRecovered += other.secondsRecovered
  }

  var json: JSONObject {
    [
      "sessions": .integer(sessions), "seconds_paid": .integer(secondsPaid), "seconds_used": .integer(secondsUsed),
      "seconds_refunded": .integer(secondsRefunded), "seconds_recovered": .integer(secondsRecovered),
    ]
  }
}
