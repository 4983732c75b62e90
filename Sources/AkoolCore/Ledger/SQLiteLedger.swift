/// A ledger in an SQLite file, or, without a file, in memory.
final class SQLiteLedger: Ledger {
  /// How long what has certainly run out still counts as open: clocks differ a little.
  static let margin: Int64 = 60_000

  /// As the index has it: worded otherwise, SQLite would not see that the index serves.
  private static let unfinished = "state IN ('open', 'lost', 'unknown')"

  let database: SQLiteDatabase
  private let file: String?
  private var lock: OwnerLock?

  var isDurable: Bool { file != nil }

  init(file: String?) throws(AkoolError) {
    self.file = file
    database = try SQLiteDatabase(file: file)
    waitForOthers(atMost: 5_000)
    try LedgerSchema.prepare(database)
    // WAL: readers never wait for writers. FULL: what is committed survives a power cut.
    _ = try database.rows("PRAGMA journal_mode = WAL") { _ in }
    try database.execute("PRAGMA synchronous = FULL")
  }

  func waitForOthers(atMost milliseconds: Int64) { database.waitForOthers(atMost: milliseconds) }

  func close() { lock = nil }

  // MARK: Owners

  func register(_ owner: LedgerOwner) throws(AkoolError) {
    if let file { lock = try OwnerLock(ledger: file, owner: owner.id) }
    try database.run(
      "INSERT OR REPLACE INTO owners VALUES (?, ?, ?, ?)", .text(owner.id), .integer(owner.processID),
      .text(owner.host), .integer(owner.startedAt))
  }

  func unregister(_ owner: String) throws(AkoolError) {
    try database.run("DELETE FROM owners WHERE id = ?", .text(owner))
  }

  func takeOver(_ account: String, by owner: String) throws(AkoolError) -> LedgerEstate {
    let dead = try deadOwners()
    guard !dead.isEmpty else { return LedgerEstate() }
    let estate = try database.transaction { () throws(AkoolError) in
      let estate = LedgerEstate(
        sessions: try openSessions(account).filter { dead.contains($0.owner) },
        intents: try openIntents(account).filter { dead.contains($0.owner) })
      for session in estate.sessions {
        try database.run("UPDATE sessions SET owner = ? WHERE id = ?", .text(owner), .text(session.id))
      }
      for intent in estate.intents {
        try database.run(
          "UPDATE intents SET owner = ?, state = 'lost' WHERE id = ?", .text(owner), .text(intent.id))
      }
      return estate
    }
    try forget(dead)
    return estate
  }

  private func deadOwners() throws(AkoolError) -> Set<String> {
    let owners = try database.rows(
      """
      SELECT id FROM owners UNION SELECT owner FROM sessions WHERE state IN ('open', 'closing')
      UNION SELECT owner FROM intents WHERE \(Self.unfinished) AND state != 'unknown'
      """
    ) { $0.text(0) ?? "" }
    return Set(owners.filter { !isAlive($0) })
  }

  /// An owner without a lock file counts as gone: what it left on other accounts is found all the same.
  private func forget(_ owners: Set<String>) throws(AkoolError) {
    for owner in owners {
      if let file { OwnerLock.forget(owner, ledger: file) }
      try unregister(owner)
    }
  }

  func isAlive(_ owner: String) -> Bool {
    guard let file else { return true }
    return OwnerLock.isAlive(owner, ledger: file)
  }

  // MARK: Intents

  func reserve(
    _ intent: LedgerIntent, _ limits: SpendLimits, ticket: Int64?, replacing lost: String?, now: Int64
  ) throws(AkoolError) -> LedgerReservation {
    try database.transaction { () throws(AkoolError) in
      if let lost { try database.run("UPDATE intents SET replaced = 1 WHERE id = ?", .text(lost)) }
      if let refusal = try overspent(intent, limits, now) {
        if let ticket { try withdraw(ticket: ticket) }
        return refusal
      }
      if let full = try full(intent, limits, ticket, now) { return full }
      try insert(intent)
      if let ticket { try withdraw(ticket: ticket) }
      return .granted
    }
  }

  private func insert(_ intent: LedgerIntent) throws(AkoolError) {
    try database.run(
      "INSERT INTO intents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)", .text(intent.id), .text(intent.owner),
      .text(intent.account), .text(intent.avatarID), .integer(intent.duration), .text(intent.streamType),
      .text(intent.ownRoom), .text(intent.tag), .integer(intent.heartbeatTimeout), .integer(intent.from),
      .integer(intent.until), .text(intent.state.rawValue))
  }

  private func overspent(
    _ intent: LedgerIntent, _ limits: SpendLimits, _ now: Int64
  ) throws(AkoolError) -> LedgerReservation? {
    for (span, length, limit) in [
      ("hour", 3_600_000, limits.secondsPerHour), ("day", 86_400_000, limits.secondsPerDay),
    ] as [(String, Int64, Int64?)] {
      guard let limit else { continue }
      let reserved = try database.number(
        """
        SELECT sum(duration - refunded) FROM intents
        WHERE account = ? AND from_ms > ? AND state IN ('open', 'lost', 'unknown', 'settled') AND NOT replaced
        """, .text(intent.account), .integer(now - length))
      if (reserved ?? 0) + intent.duration > limit {
        return .overspent(span: span, reserved: reserved ?? 0, limit: limit)
      }
    }
    return nil
  }

  private func full(
    _ intent: LedgerIntent, _ limits: SpendLimits, _ ticket: Int64?, _ now: Int64
  ) throws(AkoolError) -> LedgerReservation? {
    guard let limit = limits.openSessions else { return nil }
    let open = try openCount(intent.account, now)
    let ahead = try ticketsAhead(intent.account, of: ticket)
    guard open + ahead >= limit else { return nil }
    if let ticket { return .full(ticket: ticket, ahead: ahead, open: open) }
    return .full(ticket: try newTicket(intent), ahead: ahead, open: open)
  }

  /// Sessions, and intents of which one may have come.
  private func openCount(_ account: String, _ now: Int64) throws(AkoolError) -> Int64 {
    let sessions = try database.number(
      """
      SELECT count(*) FROM sessions
      WHERE account = ? AND state IN ('open', 'closing') AND opened_ms + duration * 1000 + \(Self.margin) > ?
      """, .text(account), .integer(now))
    let intents = try database.number(
      """
      SELECT count(*) FROM intents
      WHERE account = ? AND state IN ('open', 'lost', 'unknown') AND NOT replaced
        AND until_ms + duration * 1000 + \(Self.margin) > ?
      """, .text(account), .integer(now))
    return (sessions ?? 0) + (intents ?? 0)
  }

  /// How many living owners wait before a ticket. Those whose process is gone lose their place.
  private func ticketsAhead(_ account: String, of ticket: Int64?) throws(AkoolError) -> Int64 {
    let waiting = try database.rows(
      "SELECT number, owner FROM tickets WHERE account = ? AND number < ?", .text(account), .integer(ticket ?? .max)
    ) { ($0.integer(0) ?? 0, $0.text(1) ?? "") }
    var ahead: Int64 = 0
    for (number, owner) in waiting {
      if isAlive(owner) { ahead += 1 } else { try withdraw(ticket: number) }
    }
    return ahead
  }

  private func newTicket(_ intent: LedgerIntent) throws(AkoolError) -> Int64 {
    try database.run(
      "INSERT INTO tickets (owner, account) VALUES (?, ?)", .text(intent.owner), .text(intent.account))
    return try database.number("SELECT last_insert_rowid()") ?? 0
  }

  func withdraw(ticket: Int64) throws(AkoolError) {
    try database.run("DELETE FROM tickets WHERE number = ?", .integer(ticket))
  }

  func resolve(intent: String, _ state: LedgerIntent.State, until: Int64) throws(AkoolError) {
    try database.run(
      "UPDATE intents SET state = ?, until_ms = ? WHERE id = ? AND state != 'settled'", .text(state.rawValue),
      .integer(until), .text(intent))
  }

  func openIntents(_ account: String) throws(AkoolError) -> [LedgerIntent] {
    try database.rows(
      """
      SELECT id, owner, account, avatar, duration, stream_type, own_room, tag, heartbeat_ms, from_ms, until_ms, state
      FROM intents WHERE account = ? AND \(Self.unfinished) AND state != 'unknown'
      """, .text(account)
    ) { LedgerIntent($0) }
  }

  // MARK: Sessions

  func settle(_ session: LedgerSession) throws(AkoolError) {
    try database.transaction { () throws(AkoolError) in
      try database.run(
        "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL)",
        .text(session.id), .text(session.intent), .text(session.owner), .text(session.account),
        .text(session.avatarID), .text(session.tag), .integer(session.openedAt), .integer(session.duration),
        .integer(session.heartbeatTimeout), .integer(session.lastHeartbeat), .text(session.state.rawValue))
      try database.run("UPDATE intents SET state = 'settled' WHERE id = ?", .text(session.intent))
    }
  }

  func openSessions(_ account: String) throws(AkoolError) -> [LedgerSession] {
    try database.rows(
      """
      SELECT id, intent, owner, account, avatar, tag, opened_ms, duration, heartbeat_ms, beat_ms, state
      FROM sessions WHERE account = ? AND state IN ('open', 'closing') ORDER BY opened_ms
      """, .text(account)
    ) { LedgerSession($0) }
  }

  func owners(_ ids: Set<String>) throws(AkoolError) -> [(owner: LedgerOwner, isAlive: Bool)] {
    var found: [(owner: LedgerOwner, isAlive: Bool)] = []
    for id in ids {
      found += try database.rows("SELECT id, process, host, started FROM owners WHERE id = ?", .text(id)) { row in
        let owner = LedgerOwner(
          id: row.text(0) ?? "", processID: row.integer(1) ?? 0, host: row.text(2) ?? "", startedAt: row.integer(3) ?? 0
        )
        return (owner, isAlive(owner.id))
      }
    }
    return found
  }

  func session(_ id: String) throws(AkoolError) -> LedgerSession? {
    try database.rows(
      """
      SELECT id, intent, owner, account, avatar, tag, opened_ms, duration, heartbeat_ms, beat_ms, state
      FROM sessions WHERE id = ?
      """, .text(id)
    ) { LedgerSession($0) }.first
  }

  func known(_ ids: [String]) throws(AkoolError) -> Set<String> {
    var known: Set<String> = []
    for id in ids {
      let found = try database.number("SELECT 1 FROM sessions WHERE id = ?", .text(id))
      if found != nil { known.insert(id) }
    }
    return known
  }

  func beginClosing(_ id: String) throws(AkoolError) {
    try database.run("UPDATE sessions SET state = 'closing' WHERE id = ? AND state = 'open'", .text(id))
  }

  func end(_ id: String, _ end: LedgerEnd) throws(AkoolError) {
    try database.transaction { () throws(AkoolError) in
      try database.run(
        """
        UPDATE sessions SET state = 'ended', reason = ?, ended_ms = ?, used = ?, refunded = ?
        WHERE id = ? AND state != 'ended'
        """, .text(end.reason.rawValue), .integer(end.at), .integer(end.secondsUsed), .integer(end.secondsRefunded),
        .text(id))
      try database.run(
        "UPDATE intents SET refunded = ? WHERE id = (SELECT intent FROM sessions WHERE id = ?)",
        .integer(end.secondsRefunded), .text(id))
    }
  }

  func beat(_ id: String, at moment: Int64) throws(AkoolError) {
    try database.run("UPDATE sessions SET beat_ms = ? WHERE id = ? AND state = 'open'", .integer(moment), .text(id))
  }

  // MARK: Reports

  func report(_ account: String, from: Int64, to: Int64) throws(AkoolError) -> [LedgerReportRow] {
    try database.rows(
      """
      SELECT date(opened_ms / 1000, 'unixepoch') AS day, avatar, tag, coalesce(reason, 'open') AS outcome, count(*),
        sum(duration), sum(coalesce(used, 0)), sum(coalesce(refunded, 0)),
        sum(CASE WHEN reason IN ('swept', 'reconciled') THEN refunded ELSE 0 END)
      FROM sessions WHERE account = ? AND opened_ms >= ? AND opened_ms < ?
      GROUP BY day, avatar, tag, outcome ORDER BY day, avatar, tag, outcome
      """, .text(account), .integer(from), .integer(to)
    ) { LedgerReportRow($0) }
  }
}

extension LedgerIntent {
  fileprivate init(_ row: SQLiteRow) {
    self.init(
      id: row.text(0) ?? "", owner: row.text(1) ?? "", account: row.text(2) ?? "", avatarID: row.text(3) ?? "",
      duration: row.integer(4) ?? 0, streamType: row.text(5) ?? "", ownRoom: row.text(6), tag: row.text(7),
      heartbeatTimeout: row.integer(8), from: row.integer(9) ?? 0, until: row.integer(10) ?? 0,
      state: row.text(11).flatMap(State.init) ?? .unknown)
  }
}

extension LedgerSession {
  fileprivate init(_ row: SQLiteRow) {
    self.init(
      id: row.text(0) ?? "", intent: row.text(1) ?? "", owner: row.text(2) ?? "", account: row.text(3) ?? "",
      avatarID: row.text(4) ?? "", tag: row.text(5), openedAt: row.integer(6) ?? 0, duration: row.integer(7) ?? 0,
      heartbeatTimeout: row.integer(8), lastHeartbeat: row.integer(9),
      state: row.text(10).flatMap(State.init) ?? .open)
  }
}

extension LedgerReportRow {
  fileprivate init(_ row: SQLiteRow) {
    self.init(
      day: row.text(0) ?? "", avatarID: row.text(1) ?? "", tag: row.text(2), outcome: row.text(3) ?? "",
      sums: LedgerSums(
        sessions: row.integer(4) ?? 0, secondsPaid: row.integer(5) ?? 0, secondsUsed: row.integer(6) ?? 0,
        secondsRefunded: row.integer(7) ?? 0, secondsRecovered: row.integer(8) ?? 0))
  }
}
