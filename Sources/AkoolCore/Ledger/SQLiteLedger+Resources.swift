/// Generated files, and what became of them.
extension SQLiteLedger {
  func dueResources(
    of account: String, adding resources: [LedgerResource], now: Int64
  ) throws(AkoolError) -> [LedgerResource] {
    try database.transaction { () throws(AkoolError) in
      for resource in resources { try notice(resource) }
      try database.run(
        "UPDATE resources SET state = 'expired' WHERE account = ? AND state = 'due' AND expires_ms < ?",
        .text(account), .integer(now - LedgerResource.grace))
      return try list(account, "AND state = 'due'")
    }
  }

  /// What is known stays known: an earlier end holds, and what is saved is saved.
  private func notice(_ resource: LedgerResource) throws(AkoolError) {
    try database.run(
      """
      INSERT INTO resources (account, address, signed, operation, noticed_ms, expires_ms, state)
      VALUES (?, ?, ?, ?, ?, ?, 'due')
      ON CONFLICT (account, address) DO UPDATE
      SET expires_ms = min(expires_ms, excluded.expires_ms), signed = excluded.signed
      """, .text(resource.account), .text(resource.address), .integer(resource.isSigned ? 1 : 0),
      .text(resource.operation), .integer(resource.noticedAt), .integer(resource.expiresAt))
  }

  func saved(_ resource: LedgerResource, _ copy: LedgerResource.Copy) throws(AkoolError) {
    try database.transaction { () throws(AkoolError) in
      try notice(resource)
      try database.run(
        """
        UPDATE resources SET state = 'saved', path = ?, sha256 = ?, bytes = ?, saved_ms = ?
        WHERE account = ? AND address = ?
        """, .text(copy.path), .text(copy.digest), .integer(copy.bytes), .integer(copy.savedAt),
        .text(resource.account), .text(resource.address))
    }
  }

  func expired(_ address: String, of account: String) throws(AkoolError) {
    try database.run(
      "UPDATE resources SET state = 'expired' WHERE account = ? AND address = ? AND state = 'due'", .text(account),
      .text(address))
  }

  func resources(of account: String) throws(AkoolError) -> [LedgerResource] { try list(account, "") }

  private func list(_ account: String, _ condition: String) throws(AkoolError) -> [LedgerResource] {
    try database.rows(
      """
      SELECT account, address, signed, operation, noticed_ms, expires_ms, state, path, sha256, bytes, saved_ms
      FROM resources WHERE account = ? \(condition) ORDER BY expires_ms, address
      """, .text(account)
    ) { LedgerResource($0) }
  }
}

extension LedgerResource {
  fileprivate init(_ row: SQLiteRow) {
    self.init(
      account: row.text(0) ?? "", address: row.text(1) ?? "", isSigned: row.integer(2) == 1,
      operation: row.text(3) ?? "", noticedAt: row.integer(4) ?? 0, expiresAt: row.integer(5) ?? 0,
      state: row.text(6).flatMap(State.init) ?? .due,
      copy: row.text(7).map { path in
        Copy(path: path, digest: row.text(8), bytes: row.integer(9), savedAt: row.integer(10) ?? 0)
      })
  }
}
