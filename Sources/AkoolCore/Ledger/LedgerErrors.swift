internal import CSQLite

/// What can go wrong with the ledger's file, in words that help.
enum LedgerErrors {
  static func failed(_ file: String, _ code: Int32, _ text: String) -> AkoolError {
    let (what, hint, isRetryable) = meaning(code & 0xFF)
    return AkoolError(
      .localIO, "the ledger \(JSON.string(file).serialized()) \(what): \(text)", hint: hint, isRetryable: isRetryable)
  }

  static func notOurs(_ file: String, _ what: String) -> AkoolError {
    AkoolError(
      .localIO, "the ledger \(JSON.string(file).serialized()) \(what)",
      hint: "Name another file. Nothing in this one was changed.")
  }

  private static func meaning(_ code: Int32) -> (String, String, Bool) {
    switch code {
    case SQLITE_BUSY, SQLITE_LOCKED:
      return ("is locked by another program", "Find out who writes to it for so long, and try again.", true)
    case SQLITE_FULL:
      return ("cannot grow", "Make room on the disk. What was written before is safe.", true)
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      return ("cannot be written", "Check the rights of the file and of its folder.", false)
    case SQLITE_CANTOPEN:
      return ("cannot be opened", "Check that the folder exists and may be written to.", false)
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      return (
        "is damaged, or is no ledger",
        "Move the file away: a new one is made. Then look at session.list for sessions that only the old one knew.",
        false
      )
    case SQLITE_IOERR:
      return ("cannot be read or written", "Check the disk and the file system.", true)
    case SQLITE_NOMEM:
      return ("cannot be used", "There is too little memory.", true)
    default:
      return ("cannot be used", "Check the file and the disk.", false)
    }
  }
}
