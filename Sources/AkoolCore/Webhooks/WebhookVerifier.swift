internal import CCrypto

/// Tells whether a webhook came from AKOOL, and reads it.
struct WebhookVerifier: Sendable {
  /// Largest member beside the data, in bytes, about.
  private static let mostBeside = 4_096
  /// Longest signature or nonce that is worked on, in bytes. AKOOL's have 40 and 16.
  private static let longestText = 256
  /// What AKOOL sends, all of it as text.
  private struct Delivery {
    let signature: String
    let encrypted: String
    let timestamp: String
    let nonce: String

    init?(_ body: JSON?) {
      var body = body
      if let text = body?.string { body = try? JSON.parse(serverBytes: Array(text.utf8)) }
      guard let signature = body?["signature"]?.string, let encrypted = body?["dataEncrypt"]?.string,
        let timestamp = Self.text(body?["timestamp"]), let nonce = Self.text(body?["nonce"]),
        [signature, timestamp, nonce].allSatisfy({ $0.utf8.count <= longestText })
      else { return nil }
      self.signature = signature
      self.encrypted = encrypted
      self.timestamp = timestamp
      self.nonce = nonce
    }

    /// The documents have a number here and a text there.
    private static func text(_ value: JSON?) -> String? { value?.string ?? value?.integer.map(String.init) }
  }

  private let parameters: JSONObject
  private let secret: WebhookSecret

  init(_ parameters: JSONObject, configured: WebhookSecret?) throws(AkoolError) {
    self.parameters = parameters
    guard let id = parameters["client_id"]?.string ?? configured?.id,
      let secret = parameters["client_secret"]?.string ?? configured?.secret
    else {
      throw AkoolError(
        .invalidArgument, "webhook.verify: client_id and client_secret are missing, and the client has none",
        hint: "Webhooks need both, also where calls use an api_key, which is the same value as client_secret.")
    }
    self.secret = WebhookSecret(id: id, secret: secret)
    guard WebhookSecret.keyLengths.contains(secret.utf8.count) else {
      throw AkoolError(
        .invalidArgument,
        "webhook.verify: client_secret has \(secret.utf8.count) bytes; a key has 16, 24 or 32",
        hint: "Copy it again from AKOOL's console, without blanks.")
    }
  }

  /// Refuses, on the caller's thread, what is larger than AKOOL makes it. The data may have any size.
  static func judge(_ body: JSON?) throws(AkoolError) {
    for (name, value) in body?.object?.members ?? [] where name != "dataEncrypt" || value.string == nil {
      if value.weight(upTo: mostBeside) >= mostBeside { throw forged }
    }
  }

  /// A delivery that AKOOL has signed.
  struct Opened: Sendable {
    let content: JSONObject
    let timestamp: Int64
    let signature: String
  }

  /// True if opening the delivery would hold up the loop.
  var isLarge: Bool { parameters["body"]?.weight(upTo: Service.largeBody) ?? 0 >= Service.largeBody }

  /// The webhook's content.
  func verify(_ seen: inout SeenWebhooks, now: Int64) throws(AkoolError) -> JSON {
    try accept(open(), &seen, now: now)
  }

  /// Checks the signature. Whatever is wrong with a delivery, a forger learns only that something is.
  func open() throws(AkoolError) -> Opened {
    guard let delivery = Delivery(parameters["body"]) else { throw Self.forged }
    let expected = secret.signature(
      timestamp: delivery.timestamp, nonce: delivery.nonce, encrypted: delivery.encrypted)
    let isSigned = Self.isSame(expected, delivery.signature)
    // All steps are taken in any case, so that time tells nothing either.
    let plain = secret.decrypted(Base64.decode(delivery.encrypted) ?? [])
    let content = try? JSON.parse(serverBytes: plain ?? []).object
    guard isSigned, let content, let timestamp = Int64(delivery.timestamp) else { throw Self.forged }
    return Opened(content: content, timestamp: timestamp, signature: delivery.signature)
  }

  /// Refuses what is too old, or was seen before.
  func accept(_ opened: Opened, _ seen: inout SeenWebhooks, now: Int64) throws(AkoolError) -> JSON {
    try checkAge(opened.timestamp, now)
    if parameters["reject_replays"]?.bool == true, !seen.isNew(opened.signature) {
      throw Self.refused("was seen before", "replayed")
    }
    return Self.data(opened.content, opened.timestamp)
  }

  private func checkAge(_ timestamp: Int64, _ now: Int64) throws(AkoolError) {
    guard let limit = parameters["max_age_ms"]?.integer else { return }
    // Both may come from anywhere: no sum of them may overflow.
    let age = now.subtractingReportingOverflow(timestamp)
    guard !age.overflow, age.partialValue.magnitude <= UInt64(limit) else {
      throw Self.refused("is older than max_age_ms, or from the future", "stale")
    }
  }

  private static func data(_ content: JSONObject, _ timestamp: Int64) -> JSON {
    var content = content
    Normaliser.state(&content, ["queueing", "processing", "ready", "failed"])
    return ["payload": .object(content), "timestamp": .integer(timestamp)]
  }

  /// Takes as long for texts of one length whatever they are.
  private static func isSame(_ first: String, _ second: String) -> Bool {
    let (first, second) = (Array(first.utf8), Array(second.utf8))
    return first.count == second.count && CRYPTO_memcmp(first, second, first.count) == 0
  }

  private static let forged = AkoolError(
    .forbidden, "webhook.verify: this is not a webhook that AKOOL made with these credentials",
    hint: "Answer it with HTTP 403. If AKOOL's own webhooks are refused too, check client_id and client_secret.")

  private static func refused(_ fault: String, _ reason: JSON) -> AkoolError {
    AkoolError(
      .forbidden, "webhook.verify: the webhook is AKOOL's, but \(fault)",
      hint: "AKOOL sends a webhook again until it is answered with HTTP 200.", details: ["reason": reason])
  }
}

/// The webhooks that were taken lately.
struct SeenWebhooks {
  private static let maximum = 10_000

  private var known = Set<String>()
  private var order = Queue<String>()

  /// Whether this one was not seen before. It is from now on.
  mutating func isNew(_ signature: String) -> Bool {
    guard known.insert(signature).inserted else { return false }
    order.append(signature)
    if known.count > Self.maximum { known.remove(order.removeFirst()) }
    return true
  }
}
