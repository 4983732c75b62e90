/// The operations on files that AKOOL generates and keeps for seven days.
enum ResourceOperations {
  static let all = [save]

  static let save = Operation(
    "resource.save", "Saves a file that AKOOL has generated before it is gone. A save that broke off goes on.",
    parameters: [
      .required("url", .string(StringRule(form: .url)), "Where the file is. No credentials are sent there."),
      .required("directory", .string(StringRule(minimumLength: 1)), "The folder to save it in. It must exist."),
      .optional("name", .string(StringRule(minimumLength: 1)), "Its name there. Without one, the end of the URL."),
      .optional("overwrite", .boolean, "Whether to replace a file of that name.", default: false),
      .optional(
        "sha256", .string(StringRule(minimumLength: 64, maximumLength: 64)),
        "What the file's SHA-256 has to be, in hexadecimal."),
      .optional(
        "max_bytes", .integer(minimum: 1), "The largest file that is saved, in bytes.", default: 10_737_418_240),
      .optional(
        "allow_private_addresses", .boolean, "Whether a redirect may lead into a private network.", default: false),
    ],
    result: .object(
      ObjectSchema([
        .required("path", .string(), "Where the file is now."),
        .required("bytes", .integer(minimum: 0), "Its size."),
        .required("sha256", .string(), "Its SHA-256, in hexadecimal."),
        .optional("content_type", .string(), "What the server calls its kind."),
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

  /// Queries and fragments hold signatures.
  var address: String { String(url.prefix { $0 != "?" && $0 != "#" }) }
  var path: String { directory.hasSuffix("/") ? directory + name : directory + "/" + name }
}
