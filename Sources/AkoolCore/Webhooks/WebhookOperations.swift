/// The operation for what AKOOL sends on its own account.
enum WebhookOperations {
  static let all = [verify]

  /// The most characters of a client id or secret.
  private static let longestName = 256

  static let verify = Operation(
    "webhook.verify", "Checks that a webhook is AKOOL's, and decrypts it.",
    parameters: [
      .required(
        "body", .either([.string(StringRule(maximumLength: 2_000_000)), .object(ObjectSchema(isOpen: true))]),
        "The body of the request, as text or parsed."),
      .optional(
        "client_id", .string(StringRule(minimumLength: 1, maximumLength: longestName)),
        "The account's client id. Without one, the client's."),
      .secret(
        "client_secret", "The account's client secret, 16, 24 or 32 bytes. Without one, the client's, or its api_key.",
        maximumLength: longestName),
      .optional(
        "max_age_ms", .integer(minimum: 1, maximum: 31_536_000_000),
        "Refuse what was signed longer ago, in milliseconds; 300000 is a good choice. Without it nothing is too old."),
      .optional(
        "reject_replays", .boolean, "Refuse what this client has accepted before; it remembers the last 10000.",
        default: false),
    ],
    result: .object(
      ObjectSchema([
        .required(
          "payload",
          .object(
            ObjectSchema(
              [
                .optional("_id", .text, "What it is about."),
                .optional("status", .anyInteger, "2 processing, 3 completed, 4 failed."),
                .optional("state", .text, "status in words, added by libakool: processing, ready or failed."),
                .optional("type", .text, "What kind of thing, as avatar or audio."),
                .generated("url", .text, "Where it is, for seven days, when it is completed."),
              ], isOpen: true)), "What AKOOL reports."),
        .required("timestamp", .anyInteger, "When it was signed, in Unix milliseconds."),
      ])),
    evidence: .documented("§5"),
    example: [
      "client_id": "0123456789abcdef01234567", "client_secret": "dummySecret0123456789abc",
      "body": [
        "timestamp": 1_710_757_981_609, "nonce": "9", "signature": "eecc076b489df1ced6f2e6492884d62fc15a8707",
        "dataEncrypt": "zJUgDZGbULoP5IZDdcTjGRuGphOZXZfWE1AsbUUF53VDGlvZF7q6h3fLtXfWMCti",
      ],
    ],
    disagreements: [
      "the text says that secrets have 24 bytes, real ones have 32: 16, 24 and 32 are taken",
      "the text pads to 24 bytes, every sample to 16: 16",
      "a Java sample writes hexadecimal, all others base64: base64",
      "nonce and timestamp are numbers or texts: both are taken",
    ],
    offline: { parameters, _ throws(AkoolError) in
      if parameters["reject_replays"]?.bool == true {
        throw AkoolError(
          .invalidArgument, "webhook.verify: reject_replays: needs a client, which remembers what it has accepted",
          hint: "Leave it out, or make a client.")
      }
      var seen = SeenWebhooks()
      return try WebhookVerifier(parameters, configured: nil).verify(&seen, now: WallClock.milliseconds)
    },
    judge: { parameters, _ throws(AkoolError) in try WebhookVerifier.judge(parameters["body"]) },
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.verifyWebhook(parameters, call)
    })
}

extension ClientCore {
  /// Opens a large delivery off the loop.
  fileprivate func verifyWebhook(_ parameters: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    let verifier = try WebhookVerifier(parameters, configured: configuration.webhookSecret)
    guard verifier.isLarge else { return try verifier.verify(&webhooks, now: loop.clock.wallMilliseconds) }
    let opened = try await service.offload(call, "opening a webhook") { _ in
      Result { () throws(AkoolError) in try verifier.open() }
    }.get()
    return try verifier.accept(opened, &webhooks, now: loop.clock.wallMilliseconds)
  }
}
