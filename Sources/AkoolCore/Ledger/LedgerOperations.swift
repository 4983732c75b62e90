/// The operations on the ledger.
enum LedgerOperations {
  static let all = [report, sessions]

  /// Unix milliseconds until the end of the year 9999.
  private static let moment = Schema.integer(minimum: 0, maximum: 253_402_300_799_999)

  private static let sums: [Field] = [
    .required("sessions", .integer(minimum: 0), "How many sessions."),
    .required("seconds_paid", .integer(minimum: 0), "What was paid for up front."),
    .required("seconds_used", .integer(minimum: 0), "What was used, by our reckoning."),
    .required("seconds_refunded", .integer(minimum: 0), "What was refunded, by our reckoning."),
    .required("seconds_recovered", .integer(minimum: 0), "Refunded seconds that only a sweep or a search has saved."),
  ]

  static let report = Operation(
    "ledger.report",
    "Sums up the sessions of this account that the ledger knows, by day, avatar, tag and outcome. AKOOL's replies carry no price: seconds are our reckoning.",
    parameters: [
      .optional(
        "from", moment,
        "Sessions opened from this moment on, in Unix milliseconds; 30 days ago when absent."
      ),
      .optional(
        "to", moment, "Sessions opened before this moment, in Unix milliseconds; now when absent."),
    ],
    result: .object(
      ObjectSchema([
        .required(
          "rows",
          .array(
            of: .object(
              ObjectSchema(
                [
                  .required("day", .text, "The day in UTC, as 2026-11-23."),
                  .required("avatar_id", .text, "The avatar."),
                  .optional("tag", .text, "The tag of the create."),
                  .required(
                    "outcome", .text, "open, closed, expired, abandoned, failed, remote, swept or reconciled."),
                ] + sums))), "One line for each combination that occurs."),
        .required("total", .object(ObjectSchema(sums)), "The sum of all lines."),
        .required("durable", .boolean, "Whether the ledger outlives the process."),
        .required("estimated", .boolean, "True: the seconds are our reckoning."),
      ])), evidence: .documented("libakool"), example: [:],
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.report(from: parameters["from"]?.integer, to: parameters["to"]?.integer, call)
    })
}

extension LedgerOperations {
  static let sessions = Operation(
    "ledger.sessions", "Lists the sessions of this account that the ledger has as open, with who opened each.",
    result: .object(
      ObjectSchema([
        .required(
          "result",
          .array(
            of: .object(
              ObjectSchema([
                .required("_id", .text, "The session."),
                .required("avatar_id", .text, "The avatar."),
                .required("state", .string(StringRule(values: ["open", "closing"])), "closing: a close is under way."),
                .optional("tag", .text, "The tag of the create."),
                .required("opened_at", .anyInteger, "When it was opened, in Unix milliseconds."),
                .required("paid_until", .anyInteger, "When it ends by itself, in Unix milliseconds."),
                .required("seconds_left", .integer(minimum: 0), "How long that is from now."),
                .required("mine", .boolean, "Whether this client opened it, or has taken it over."),
                .optional("process_id", .anyInteger, "The process that opened it, as that process sees itself."),
                .optional("host", .text, "The machine or container of that process."),
                .optional("alive", .boolean, "Whether that process still runs."),
              ]))), "The sessions, the oldest first."),
        .required("durable", .boolean, "Whether the ledger outlives the process."),
      ])), evidence: .documented("libakool"),
    body: { client, call, _ async throws(AkoolError) -> JSON in try await client.ledgerSessions(call) })
}

extension ClientCore {
  fileprivate func ledgerSessions(_ call: CallContext) async throws(AkoolError) -> JSON {
    let (account, me, now) = (account, owner.id, serverNow)
    let rows = try await ledger(call) { (ledger) throws(AkoolError) -> [JSON] in
      let sessions = try ledger.openSessions(account)
      let owners = try ledger.owners(Set(sessions.map(\.owner)))
      return sessions.map { session in
        session.json(owners.first { $0.owner.id == session.owner }, isMine: session.owner == me, now)
      }
    }
    return ["result": .array(rows), "durable": .bool(ledgerThread.isDurable)]
  }
}

extension LedgerSession {
  fileprivate func json(_ owner: (owner: LedgerOwner, isAlive: Bool)?, isMine: Bool, _ now: Int64) -> JSON {
    var object: JSONObject = ["_id": .string(id), "avatar_id": .string(avatarID), "state": .string(state.rawValue)]
    object["tag"] = tag.map(JSON.string)
    object["opened_at"] = .integer(openedAt)
    object["paid_until"] = .integer(paidUntil)
    object["seconds_left"] = .integer(max(0, (paidUntil - now) / 1000))
    object["mine"] = .bool(isMine)
    if let owner {
      object["process_id"] = .integer(owner.owner.processID)
      object["host"] = .string(owner.owner.host)
      object["alive"] = .bool(owner.isAlive)
    }
    return .object(object)
  }
}

extension ClientCore {
  private static var month: Int64 { 30 * 86_400_000 }

  func report(from: Int64?, to: Int64?, _ call: CallContext) async throws(AkoolError) -> JSON {
    // Without an end there is none: what a session was opened at may be ahead of our idea of AKOOL's clock.
    let (account, first, last) = (account, from ?? serverNow - Self.month, to ?? .max)
    let rows = try await ledger(call) { (ledger) throws(AkoolError) in
      try ledger.report(account, from: first, to: last)
    }
    var total = LedgerSums()
    for row in rows { total.add(row.sums) }
    return [
      "rows": .array(rows.map(\.json)), "total": .object(total.json), "durable": .bool(ledgerThread.isDurable),
      "estimated": true,
    ]
  }
}

extension LedgerReportRow {
  fileprivate var json: JSON {
    var object: JSONObject = ["day": .string(day), "avatar_id": .string(avatarID), "outcome": .string(outcome)]
    object["tag"] = tag.map(JSON.string)
    object.merge(sums.json)
    return .object(object)
  }
}
