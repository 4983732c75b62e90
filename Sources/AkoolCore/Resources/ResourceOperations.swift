/// The operations on files that AKOOL generates and keeps for seven days.
enum ResourceOperations {
  static let all = [save, list, sweep]

  /// The longest URL of a file, in characters.
  static let longestURL = 8_192
  private static let url = Schema.string(StringRule(maximumLength: longestURL, form: .url))
  /// Paths are no longer on Linux.
  private static let directory = Schema.string(StringRule(minimumLength: 1, maximumLength: 4_096))
  /// Ten years, in milliseconds.
  private static let span = Schema.integer(minimum: 0, maximum: 315_360_000_000)
  /// Every language has integers as large as these.
  private static let size = Schema.integer(minimum: 1, maximum: 9_007_199_254_740_991)

  static let save = Operation(
    "resource.save", "Saves a file that AKOOL has generated before it is gone. A save that broke off goes on.",
    parameters: [
      .required("url", url, "Where the file is. No credentials are sent there."),
      .required("directory", directory, "The folder to save it in. It must exist."),
      .optional("name", .string(StringRule(minimumLength: 1)), "Its name there. Without one, the end of the URL."),
      .optional("overwrite", .boolean, "Whether to replace a file of that name.", default: false),
      .optional(
        "sha256", .string(StringRule(minimumLength: 64, maximumLength: 64)),
        "What the file's SHA-256 has to be, in hexadecimal."),
      .optional(
        "max_bytes", size, "The largest file that is saved, in bytes.", default: 10_737_418_240),
      .optional(
        "allow_private_addresses", .boolean, "Whether a redirect may lead into a private network.", default: false),
    ],
    result: .object(
      ObjectSchema([
        .required("path", .text, "Where the file is now."),
        .required("bytes", .integer(minimum: 0), "Its size."),
        .required("sha256", .text, "Its SHA-256, in hexadecimal."),
        .optional("content_type", .text, "What the server calls its kind."),
        .required("resumed", .boolean, "Whether a part of it was there from a save that had broken off."),
      ])),
    evidence: .documented("§2, libakool"), defaultTimeout: 3_600_000,
    check: { parameters, validator in
      if let fault = parameters["name"]?.string.flatMap(ResourceName.fault) { validator.report("name", fault) }
    },
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.saveResource(ResourceRequest(parameters), call)
    })
}

extension ResourceOperations {
  private static let states = LedgerResource.State.allCases.map(\.rawValue)

  static let list = Operation(
    "resource.list",
    "Lists the files that AKOOL generated for this account, as the ledger knows them: those that results, webhooks and resource.save named.",
    parameters: [
      .optional(
        "state", .string(StringRule(values: states)),
        "Only those: due is not saved yet, expired was gone before it was saved."),
      .optional(
        "expiring_within_ms", span, "Only those that are due and gone within so many milliseconds."),
    ],
    result: .object(
      ObjectSchema([
        .required(
          "result",
          .array(
            of: .object(
              ObjectSchema([
                .required("url", .text, "Where the file is, without a query, which may be a signature."),
                .required("signed", .boolean, "Whether the URL had a query: then the ledger alone cannot fetch it."),
                .required("state", .string(StringRule(values: states)), "due, saved or expired."),
                .required("operation", .text, "Which operation named it first."),
                .required("noticed_at", .anyInteger, "When that was, in Unix milliseconds."),
                .required(
                  "expires_at", .anyInteger,
                  "When AKOOL deletes it, in Unix milliseconds: seven days after its record was made."),
                .required("seconds_left", .integer(minimum: 0), "How long that is from now."),
                .optional("path", .text, "Where it was saved."),
                .optional("sha256", .text, "Its SHA-256, in hexadecimal."),
                .optional("bytes", .integer(minimum: 0), "Its size."),
                .optional("saved_at", .anyInteger, "When it was saved, in Unix milliseconds."),
              ]))), "The files; what ends first is first."),
        .required("durable", .boolean, "Whether the ledger outlives the process."),
      ])), evidence: .documented("§2, libakool"),
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.listResources(parameters, call)
    })

  private static let addresses = Schema.array(of: .text)

  static let sweep = Operation(
    "resource.sweep",
    "Saves every generated file that is due, one after the other, what ends first before the others. Names tell the files apart, and stay the same: a later sweep, also by another program, goes on where this one ended.",
    parameters: [
      .required("directory", directory, "The folder to save them in. It must exist."),
      .optional(
        "expiring_within_ms", span, "Only those that are gone within so many milliseconds."),
      .optional("urls", .array(of: url, maximumCount: 1_000), "These as well."),
      .optional(
        "max_bytes", size, "The largest file that is saved, in bytes.", default: 10_737_418_240),
      .optional(
        "allow_private_addresses", .boolean, "Whether a redirect may lead into a private network.", default: false),
    ],
    result: .object(
      ObjectSchema([
        .required(
          "saved",
          .array(
            of: .object(
              ObjectSchema([
                .required("url", .text, "Where it was, without a query."),
                .required("path", .text, "Where the file is now."),
                .optional("bytes", .integer(minimum: 0), "Its size."),
                .optional("sha256", .text, "Its SHA-256; absent when an earlier run had saved it."),
                .optional("content_type", .text, "What the server calls its kind."),
                .optional("resumed", .boolean, "Whether a part of it was there."),
              ]))), "What is saved now."),
        .required(
          "failed",
          .array(
            of: .object(
              ObjectSchema([
                .required("url", .text, "Which file."), .required("code", .text, "The name of the result."),
                .required("message", .text, "What happened."), .optional("hint", .text, "What to do."),
              ]))), "What could not be saved. It stays due."),
        .required("expired", addresses, "What is not there any more."),
        .required("pending", addresses, "What was not tried: the time was over, or the disk failed."),
      ])),
    evidence: .documented("§2, libakool"), defaultTimeout: 3_600_000,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.sweepResources(parameters, call)
    })
}

/// What is to be saved, and where.
struct ResourceRequest: Sendable {
  let url: String
  let directory: String
  let name: String
  let overwrites: Bool
  let digest: String?
  let maximumBytes: Int64
  let allowsPrivateAddresses: Bool

  init(_ parameters: JSONObject) {
    url = parameters["url"]?.string ?? ""
    directory = parameters["directory"]?.string ?? ""
    name = parameters["name"]?.string ?? ResourceName.suggested(by: parameters["url"]?.string ?? "")
    overwrites = parameters["overwrite"]?.bool ?? false
    digest = parameters["sha256"]?.string?.lowercased()
    maximumBytes = parameters["max_bytes"]?.integer ?? 10_737_418_240
    allowsPrivateAddresses = parameters["allow_private_addresses"]?.bool ?? false
  }

  var address: String { ResourceAddress.of(url) }
  var path: String { directory.hasSuffix("/") ? directory + name : directory + "/" + name }
}
