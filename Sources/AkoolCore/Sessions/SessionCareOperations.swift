/// The operations on sessions that are libakool's own: AKOOL has nothing of the kind.
enum SessionCareOperations {
  static let all = [heartbeat, watch, unwatch, handover, sweep, closeAll]

  private static let identifier = Schema.string(StringRule(minimumLength: 1, maximumLength: 256))
  private static let identifiers = Schema.array(of: identifier, maximumCount: 20_000)
  private static let evidence = Evidence.documented("libakool")

  static let heartbeat = Operation(
    "session.heartbeat",
    "Says that somebody still is at a session that was created with heartbeat_timeout_ms, so that it is not closed. Any program that shares the ledger may say so. Nothing is sent to AKOOL.",
    parameters: [.required("id", identifier, "The _id of the session.")],
    result: .object(
      ObjectSchema([
        .required("_id", .text, "The session."),
        .required("seconds_left", .integer(minimum: 0), "What is left of its paid time, in seconds."),
        .optional("heartbeat_timeout_ms", .anyInteger, "How soon the next heartbeat is due, in milliseconds."),
      ])), evidence: evidence, example: ["id": "6698c9d69cf7b0d61d1b6420"],
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.heartbeat(parameters["id"]?.string ?? "", call)
    })

  private static let watched = Schema.object(
    ObjectSchema([.required("watched", .integer(minimum: 0), "How many sessions are watched now.")]))

  static let watch = Operation(
    "session.watch",
    "Watches sessions of any origin: session.state_changed, session.expiring and session.ended tell. One look at the list serves many sessions; a change is noticed within 20 s, and 40 s more for every 10 000 sessions of the account.",
    parameters: [.required("ids", identifiers, "The _ids of the sessions.")], result: watched, evidence: evidence,
    example: ["ids": ["6698c9d69cf7b0d61d1b6420"]],
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.watch(texts(parameters["ids"]), call)
    })

  static let unwatch = Operation(
    "session.unwatch", "Watches sessions no longer. What is not watched is passed over.",
    parameters: [.optional("ids", identifiers, "The _ids of the sessions; all of them when absent.")],
    result: watched, evidence: evidence, example: ["ids": ["6698c9d69cf7b0d61d1b6420"]],
    body: { client, _, parameters async throws(AkoolError) -> JSON in
      client.unwatch(parameters["ids"].map(texts))
    })

  static let handover = Operation(
    "session.handover",
    "Lets a session of this client's be followed by another when its paid time ends. Returns at once; session.handover_ready brings the successor's room, then the old session is closed. session.handover_failed tells when there is none.",
    parameters: [
      .required("id", identifier, "The _id of the session that ends."),
      .optional(
        "lead_ms", .integer(minimum: 1_000, maximum: 3_600_000),
        "How long before the end the successor is opened, in milliseconds.", default: 30_000),
      .optional(
        "overlap_ms", .integer(minimum: 0, maximum: 3_600_000),
        "How long the old session stays open beside the successor, in milliseconds. It costs credit meanwhile.",
        default: 5_000),
      .optional(
        "create", .object(ObjectSchema(isOpen: true)),
        "What is different from the first session.create: new credentials, another duration."),
    ],
    result: .object(
      ObjectSchema([
        .required("_id", .text, "The session that ends."),
        .required(
          "handover_at", .anyInteger, "When the successor is opened, in Unix milliseconds of the server's clock."),
      ])), evidence: evidence, example: ["id": "6698c9d69cf7b0d61d1b6420"],
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try client.planHandover(parameters, call)
    })

  static let sweep = Operation(
    "session.sweep",
    "Closes the sessions of programs that died, as the ledger knows them on this account, and finds out what became of their unfinished creates. A new client does so by itself unless ledger.sweep_on_start is false.",
    result: .object(
      ObjectSchema([
        .required("swept", .array(of: .text), "The sessions that were seen closed."),
        .required("pending", .array(of: .text), "Those that are still being closed."),
        .required("adopted", .array(of: .text), "Those that are in use, by their heartbeats: now this client's."),
        .required("searched", .integer(minimum: 0), "How many creates without a reply were looked for."),
      ])), evidence: evidence, defaultTimeout: 60_000,
    body: { client, call, _ async throws(AkoolError) -> JSON in try await client.sweep(call) })

  static let closeAll = Operation(
    "session.close_all",
    "Closes many sessions. The scope account first only says what it would close: it may be somebody else's, so the ids have to be given back.",
    parameters: [
      .required(
        "scope", .string(StringRule(values: ["mine", "ledger", "account"])),
        "mine: of this client; ledger: of all programs that share the ledger, those that run included; account: all that AKOOL lists."
      ),
      .optional("ids", identifiers, "With the scope account: which of the listed sessions to close."),
    ],
    result: .object(
      ObjectSchema([
        .optional("would_close", .array(of: .object(ObjectSchema(isOpen: true))), "What the scope account holds."),
        .optional("closed", .array(of: .text), "The sessions that were seen closed."),
        .optional("pending", .array(of: .text), "Those that were not, in the time of the call."),
      ])), evidence: evidence, example: ["scope": "mine"], defaultTimeout: 60_000,
    check: { parameters, validator in
      if parameters["ids"] != nil, parameters["scope"]?.string != "account" {
        validator.report("ids", "goes with the scope account only")
      }
    },
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.closeAll(parameters["scope"]?.string ?? "", parameters["ids"].map(texts), call)
    })

  private static func texts(_ json: JSON?) -> [String] { json?.array?.compactMap(\.string) ?? [] }
}
