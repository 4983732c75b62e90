/// The operations on avatars.
enum AvatarOperations {
  static let all = [create, detail, list, listV3, wait]

  static let creation = Endpoint.post("/api/open/v3/avatar/create")
  private static let listing = Endpoint.get("/api/open/v4/liveAvatar/avatar/list")
  private static let catalogue = Endpoint.get("/api/open/v3/avatar/list")
  static let recordDetail = Endpoint.get("/api/open/v3/avatar/detail")
  static let streamingDetail = Endpoint.get("/api/open/v4/liveAvatar/avatar/detail")
  private static let identifier = Schema.string(StringRule(minimumLength: 1, maximumLength: 256))

  static let create = Operation(
    "avatar.create", "Makes an avatar of a video. It can be used once avatar.wait has seen it ready.",
    endpoint: creation,
    parameters: [
      .required(
        "url", .string(StringRule(form: .url)),
        "The address of the video: about a minute, one person, little head movement."),
      .required(
        "avatar_id", .string(StringRule(minimumLength: 1, maximumLength: 256, form: .alphanumeric)),
        "The id you choose for it, letters and digits only."),
      .optional("name", .string(StringRule(minimumLength: 1)), "Its name. Without one it is the avatar_id."),
      .optional("type", .integer(minimum: 1, maximum: 2), "2 streaming avatar, 1 talking avatar.", default: 2),
      .optional(
        "url_from", .integer(minimum: 1, maximum: 2),
        "1 a direct link, 2 a page of YouTube, TikTok, X or Google Drive. Without it, told from the host."),
    ],
    result: AvatarSchemas.created, safety: .safe, evidence: .documented("§2.1"),
    example: ["url": "https://example.com/me.mp4", "avatar_id": "MyAvatar1"],
    disagreements: [
      "data is an object or an array with one object: always an object here",
      "tables call type a String, samples send the number 2: the number is sent",
      "name did not exist before August 2025: always sent",
      "official ids contain _ and -: the pattern is checked here only, never for ids that are read",
    ],
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.createAvatar(parameters, call)
    })

  static let detail = Operation(
    "avatar.detail", "Reads an avatar: by id the uploaded record with its state, by avatar_id what sessions see.",
    endpoint: recordDetail,
    parameters: [
      .optional("id", identifier, "The _id of the record."),
      .optional("avatar_id", identifier, "The id that sessions take."),
    ],
    result: AvatarSchemas.detail, evidence: .documented("§2.2, §2.5"),
    example: ["avatar_id": "dvp_Tristan_cloth2_1080P"],
    disagreements: [
      "the record comes as an array with one object: always an object here",
      "only the record (v3) has a status; by avatar_id (v4) there is none",
    ],
    check: oneOfBothIDs,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      let endpoint = parameters["id"] == nil ? streamingDetail : recordDetail
      let envelope = try await client.service.send(endpoint.request(parameters, .safe), call)
      return .object(try AvatarNormaliser.record(envelope.data, endpoint))
    })

  static let list = Operation(
    "avatar.list", "Lists the avatars that sessions can use, a page at a time.",
    endpoint: listing,
    parameters: [
      .optional(
        "platform", .string(StringRule(values: ["open", "aigc"])), "open, or aigc for AKOOL's web application.",
        default: "open")
    ] + Paging.fields(defaultSize: 100, maximumSize: 100),
    result: Paging.result(of: AvatarSchemas.streaming), evidence: .documented("§2.4"), example: ["size": 10],
    check: Paging.check,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.list(PagedList(listing, size: 100, AvatarNormaliser.normalise), parameters, call)
    })

  static let listV3 = Operation(
    "avatar.list_v3", "Lists AKOOL's general catalogue of avatars. Sessions take those of avatar.list only.",
    endpoint: catalogue,
    parameters: [
      .optional("from", .integer(minimum: 2, maximum: 3), "2 official, 3 uploaded by you; both when absent."),
      .optional("type", .integer(minimum: 1, maximum: 2), "1 talking, 2 streaming avatars; both when absent."),
    ] + Paging.fields(defaultSize: 100, maximumSize: nil),
    result: Paging.result(of: AvatarSchemas.entry), evidence: .documented("§2.3"), example: ["type": 2, "size": 10],
    disagreements: [
      "data is a bare array, in an older demo {result}: always {result} here, without a count",
      "an avatar that only this list has is refused by session.create",
    ],
    check: Paging.check,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.list(PagedList(catalogue, size: 100, AvatarNormaliser.normalise), parameters, call)
    })

  static let wait = Operation(
    "avatar.wait", "Waits until an uploaded avatar is ready. Events tell its states; a cancel ends the waiting only.",
    parameters: [
      .optional("id", identifier, "The _id of the record."),
      .optional("avatar_id", identifier, "The id that sessions take; its record is looked up."),
    ],
    result: AvatarSchemas.record, evidence: .documented("§2.2"),
    defaultTimeout: 3_600_000, check: oneOfBothIDs,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.waitForAvatar(parameters, call)
    })

  @Sendable private static func oneOfBothIDs(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    switch (parameters["id"], parameters["avatar_id"]) {
    case (nil, nil): validator.report("id", "is required, or avatar_id in its place")
    case (.some, .some): validator.report("avatar_id", "must not be given together with id")
    default: break
    }
  }
}
