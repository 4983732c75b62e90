/// The tables of a ledger file, and how older ones become today's.
enum LedgerSchema {
  /// "AKOL": tells a ledger from the databases of other programs.
  static let applicationID: Int64 = 0x414B_4F4C

  /// Each step makes one version of the next; steps that were published never change.
  private static let steps = [first, second]

  static var version: Int64 { Int64(steps.count) }

  /// Makes or migrates the tables; refuses files that are not ledgers, or of a later version.
  static func prepare(_ database: SQLiteDatabase) throws(AkoolError) {
    if try isReady(database) { return }
    try database.transaction { () throws(AkoolError) in
      let present = try database.number("PRAGMA user_version") ?? 0
      for step in steps.dropFirst(Int(clamping: present)) { try database.execute(step) }
      try database.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    }
  }

  private static func isReady(_ database: SQLiteDatabase) throws(AkoolError) -> Bool {
    let identifier = try database.number("PRAGMA application_id") ?? 0
    let present = try database.number("PRAGMA user_version") ?? 0
    let tables = try database.number("SELECT count(*) FROM sqlite_master") ?? 0
    guard identifier == applicationID || (identifier == 0 && present == 0 && tables == 0) else {
      throw LedgerErrors.notOurs(database.name, "is the database of another program")
    }
    guard present <= version else {
      throw LedgerErrors.notOurs(
        database.name, "was written by a newer libakool (version \(present), this one knows \(version))")
    }
    return present == version
  }

  /// What is open is found by partial indexes, which stay small however much is over.
  private static let first = """
    CREATE TABLE owners (
      id TEXT PRIMARY KEY, process INTEGER NOT NULL, host TEXT NOT NULL, started INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE intents (
      id TEXT PRIMARY KEY, owner TEXT NOT NULL, account TEXT NOT NULL, avatar TEXT NOT NULL,
      duration INTEGER NOT NULL, stream_type TEXT NOT NULL, own_room TEXT, tag TEXT, heartbeat_ms INTEGER,
      from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, state TEXT NOT NULL,
      refunded INTEGER NOT NULL, replaced INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX intents_open ON intents (account) WHERE state IN ('open', 'lost', 'unknown');
    CREATE INDEX intents_spend ON intents (account, from_ms, duration, refunded)
      WHERE state IN ('open', 'lost', 'unknown', 'settled');

    CREATE TABLE sessions (
      id TEXT PRIMARY KEY, intent TEXT NOT NULL, owner TEXT NOT NULL, account TEXT NOT NULL, avatar TEXT NOT NULL,
      tag TEXT, opened_ms INTEGER NOT NULL, duration INTEGER NOT NULL, heartbeat_ms INTEGER, beat_ms INTEGER,
      state TEXT NOT NULL, reason TEXT, ended_ms INTEGER, used INTEGER, refunded INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX sessions_open ON sessions (account) WHERE state IN ('open', 'closing');
    CREATE INDEX sessions_opened ON sessions (account, opened_ms);

    CREATE TABLE tickets (number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, account TEXT NOT NULL);
    """

  /// Files that AKOOL has generated. What is not saved yet is found by a partial index.
  private static let second = """
    CREATE TABLE resources (
      account TEXT NOT NULL, address TEXT NOT NULL, signed INTEGER NOT NULL, operation TEXT NOT NULL,
      noticed_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, state TEXT NOT NULL,
      path TEXT, sha256 TEXT, bytes INTEGER, saved_ms INTEGER, PRIMARY KEY (account, address)
    ) WITHOUT ROWID;
    CREATE INDEX resources_due ON resources (account, expires_ms) WHERE state = 'due';
    """
}
