/// The operations on sessions.
enum SessionOperations {
  static let all = [create, detail, close, list]

  static let creation = Endpoint.post("/api/open/v4/liveAvatar/session/create")
  static let detailing = Endpoint.get("/api/open/v4/liveAvatar/session/detail")
  static let closing = Endpoint.post("/api/open/v4/liveAvatar/session/close")
  static let listing = Endpoint.get("/api/open/v4/liveAvatar/session/list")
  private static let identifier = Schema.string(StringRule(minimumLength: 1, maximumLength: 256))

  static let create = Operation(
    "session.create", "Opens a session and returns its room at once. It costs credit from here until it is closed.",
    endpoint: creation, parameters: SessionSchemas.creation, result: SessionSchemas.created, safety: .paid,
    evidence: .documented("§2.6"), example: ["avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 600],
    disagreements: [
      "trtc credentials come as trtc_* or trtc_sdk_*: always also trtc_*",
      "stream_type may be absent from the answer: what was asked for is filled in",
      "the first documents called credentials stream_urls: always credentials",
      "the default of duration is not documented: libakool always sends one",
    ],
    check: SessionCreationRules.check,
    request: { parameters, _ in creation.request(SessionPlan(parameters, tag: nil).parameters, .paid) },
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.createSession(parameters, call)
    })

  static let detail = Operation(
    "session.detail", "Reads a session. Its credentials usually lack the token that create returned.",
    endpoint: detailing, parameters: [.required("id", identifier, "The _id of the session.")],
    result: SessionSchemas.session, evidence: .documented("§2.7"), example: ["id": "6698c9d69cf7b0d61d1b6420"],
    disagreements: ["status 3 means over, unlike an avatar's: state says ended"],
    request: { parameters, _ in detailing.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      let envelope = try await client.service.send(call.endpointRequest(), call)
      return .object(try SessionNormaliser.session(envelope.data, detailing))
    })

  static let close = Operation(
    "session.close", "Ends a session and sees that it is over. One that was over already counts as closed.",
    endpoint: closing, parameters: [.required("id", identifier, "The _id of the session.")],
    result: .object(
      ObjectSchema(
        [
          .required("_id", .text, "The session."),
          .required("state", .string(StringRule(values: SessionSchemas.states)), "ended or failed."),
          .required("already_over", .boolean, "True when it was over before."),
          .optional("closed_at", .anyInteger, "Time of the close, in Unix milliseconds, if AKOOL reports it."),
        ], isOpen: true)),
    evidence: .documented("§2.8"), example: ["id": "6698c9d69cf7b0d61d1b6420"],
    disagreements: [
      "the body is {id} or {session_id}: id is sent, and the detail tells whether it worked",
      "the answer has data or not: closed_at is taken from it, all else comes from the detail",
    ],
    isUrgent: true,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.closeSession(parameters["id"]?.string ?? "", call)
    })

  static let list = Operation(
    "session.list", "Lists the sessions of the account, those of other programs included, a page at a time.",
    endpoint: listing,
    parameters: [
      .optional(
        "status", .integer(minimum: 1, maximum: 4),
        "Only those of this status: 1 queueing, 2 processing, 3 over, 4 failed.")
    ] + Paging.fields(defaultSize: 100, maximumSize: nil),
    result: Paging.result(of: SessionSchemas.session), evidence: .documented("§2.9"), example: ["page": 1, "size": 10],
    disagreements: ["old tables say {count, data} or an array: always {count?, result}"], check: Paging.check,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.list(PagedList(listing, size: 100, SessionNormaliser.normalise), parameters, call)
    })
}
