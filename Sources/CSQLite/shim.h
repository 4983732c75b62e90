/* SQLite, and what of it Swift cannot express. */
#ifndef AKOOL_CSQLITE_SHIM_H
#define AKOOL_CSQLITE_SHIM_H

#include <sqlite3.h>

/* SQLITE_TRANSIENT is a cast that Swift does not import: SQLite copies the text. */
static inline int akool_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

#endif
