internal import CLinux
internal import CSQLite
internal import Glibc

/// One connection to an SQLite database, for one thread.
final class SQLiteDatabase {
  /// Names the file in errors.
  let name: String
  private let connection: OpaquePointer
  private let isInMemory: Bool
  private var statements: [String: SQLiteStatement] = [:]

  /// Opens a file, which is made when it is not there, or a database in memory.
  init(file: String?) throws(AkoolError) {
    name = file ?? "in memory"
    isInMemory = file == nil
    if let file { try Self.makePrivate(file) }
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(file ?? ":memory:", &opened, flags, nil)
    guard let opened else { throw LedgerErrors.failed(name, code, "there is no memory for it") }
    guard code == SQLITE_OK else {
      let text = String(cString: sqlite3_errmsg(opened))
      sqlite3_close_v2(opened)
      throw LedgerErrors.failed(name, code, text)
    }
    connection = opened
    sqlite3_extended_result_codes(connection, 1)
  }

  deinit {
    statements = [:]
    sqlite3_close_v2(connection)
  }

  /// SQLite would let the umask decide who may read the file. Only a file that was not there is opened here:
  /// closing it again would drop the locks that other connections of this process have on it.
  private static func makePrivate(_ file: String) throws(AkoolError) {
    let descriptor = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      Glibc.close(descriptor)
    } else if akool_errno() != EEXIST {
      throw LedgerErrors.failed(file, SQLITE_CANTOPEN, SystemError.last)
    }
  }

  /// How long to wait for others who write, in milliseconds.
  func waitForOthers(atMost milliseconds: Int64) {
    sqlite3_busy_timeout(connection, Int32(clamping: milliseconds))
  }

  /// Runs statements without parameters and results.
  func execute(_ sql: String) throws(AkoolError) {
    let code = sqlite3_exec(connection, text(sql), nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code) }
  }

  /// SQLite makes a table for each list of more than two values, in each index that has one. The schema of files is
  /// published; in memory the lists become comparisons, which cost nothing.
  private func text(_ sql: String) -> String { isInMemory ? StateLists.compared(sql) : sql }

  /// Changes something.
  func run(_ sql: String, _ values: SQLiteValue...) throws(AkoolError) {
    _ = try query(sql, values) { _ in }
  }

  /// Reads rows.
  func rows<Row>(
    _ sql: String, _ values: SQLiteValue..., read: (SQLiteRow) -> Row
  ) throws(AkoolError) -> [Row] {
    try query(sql, values, read)
  }

  /// Reads one number; nil when there is no row, or NULL in it.
  func number(_ sql: String, _ values: SQLiteValue...) throws(AkoolError) -> Int64? {
    try query(sql, values) { $0.integer(0) }.first ?? nil
  }

  /// Does everything or nothing, and keeps other writers out meanwhile.
  func transaction<Value>(_ body: () throws(AkoolError) -> Value) throws(AkoolError) -> Value {
    try execute("BEGIN IMMEDIATE")
    do throws(AkoolError) {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      // After some errors SQLite has rolled back by itself, and this one fails.
      try? execute("ROLLBACK")
      throw error
    }
  }

  private func query<Row>(
    _ sql: String, _ values: [SQLiteValue], _ read: (SQLiteRow) -> Row
  ) throws(AkoolError) -> [Row] {
    let statement = try statement(sql)
    defer { statement.reset() }
    guard statement.bind(values) == SQLITE_OK else { throw error(SQLITE_RANGE) }
    var rows: [Row] = []
    while true {
      let code = statement.step()
      if code == SQLITE_DONE { return rows }
      guard code == SQLITE_ROW else { throw error(code) }
      rows.append(read(statement.row))
    }
  }

  private func statement(_ sql: String) throws(AkoolError) -> SQLiteStatement {
    if let statement = statements[sql] { return statement }
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(connection, text(sql), -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw error(code) }
    let statement = SQLiteStatement(prepared)
    statements[sql] = statement
    return statement
  }

  private func error(_ code: Int32) -> AkoolError {
    LedgerErrors.failed(name, code, String(cString: sqlite3_errmsg(connection)))
  }
}

/// A prepared statement, used again and again.
final class SQLiteStatement {
  private let handle: OpaquePointer

  init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { sqlite3_finalize(handle) }

  func bind(_ values: [SQLiteValue]) -> Int32 {
    for (index, value) in values.enumerated() {
      let code = value.bind(to: handle, at: Int32(clamping: index + 1))
      guard code == SQLITE_OK else { return code }
    }
    return SQLITE_OK
  }

  func step() -> Int32 { sqlite3_step(handle) }
  func reset() { sqlite3_reset(handle) }
  var row: SQLiteRow { SQLiteRow(handle) }
}

/// The row that a statement stands at; only good until its next step.
struct SQLiteRow {
  private let handle: OpaquePointer

  fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

  func integer(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
  }

  func text(_ column: Int32) -> String? {
    sqlite3_column_text(handle, column).map { String(cString: $0) }
  }
}

/// What a statement is given.
enum SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  case integer(Int64?)
  case text(String?)

  init(integerLiteral value: Int64) { self = .integer(value) }
  init(stringLiteral value: String) { self = .text(value) }

  fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch self {
    case .integer(let value?): return sqlite3_bind_int64(statement, index, value)
    case .text(var text?):
      return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          akool_sqlite_bind_text(statement, index, $0.baseAddress, Int32(clamping: $0.count))
        }
      }
    case .integer(nil), .text(nil): return sqlite3_bind_null(statement, index)
    }
  }
}
