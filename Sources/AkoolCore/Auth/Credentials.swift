/// How a client proves who it is. Exactly one of these is ever sent.
enum Credentials: Sendable {
  case apiKey(String)
  case token(String)
  case client(id: String, secret: String)
}

/// Chooses credentials: what is configured before what the environment has; a key, then a token, then id
/// and secret, which may accompany a key for webhooks. The simulator gets nothing from the environment.
struct CredentialsReader {
  private let given: JSONObject
  private let environment: Environment
  private let isSimulated: Bool

  init(given: JSONObject, environment: Environment, baseURL: String) {
    self.given = given
    isSimulated = baseURL.hasPrefix(Configuration.simulatorScheme)
    self.environment = isSimulated ? .empty : environment
  }

  /// What is sent to the simulator in this process when nothing is configured. No secret.
  static let simulatorKey = "simulator"

  func read() throws(AkoolError) -> Credentials {
    if let credentials = try choose({ given[$0]?.string }) { return credentials }
    if let credentials = try choose({ environment["AKOOL_" + $0.uppercased()] }) { return credentials }
    if isSimulated { return .apiKey(Self.simulatorKey) }
    throw AkoolError(
      .unauthenticated, "no credentials: the configuration has no api_key, token, or client_id with client_secret",
      hint:
        "Set api_key in the configuration, or one of the variables AKOOL_API_KEY, AKOOL_TOKEN, AKOOL_CLIENT_ID with "
        + "AKOOL_CLIENT_SECRET. To try without an account, set base_url to \"simulator:\".")
  }

  /// Webhooks need id and secret also where calls use a key, which is the same value as the secret.
  func webhookSecret() -> WebhookSecret? {
    func value(_ name: String) -> String? { given[name]?.string ?? environment["AKOOL_" + name.uppercased()] }
    guard let id = value("client_id"), let secret = value("client_secret") ?? value("api_key") else { return nil }
    return WebhookSecret(id: id, secret: secret)
  }

  private func choose(_ value: (String) -> String?) throws(AkoolError) -> Credentials? {
    if let key = value("api_key") { return .apiKey(try Self.checked(key, "api_key")) }
    if let token = value("token") { return .token(try Self.checked(token, "token")) }
    switch (value("client_id"), value("client_secret")) {
    case (let id?, let secret?):
      return .client(id: try Self.checked(id, "client_id"), secret: try Self.checked(secret, "client_secret"))
    case (nil, nil): return nil
    case (_, nil): throw Self.missing("client_secret", beside: "client_id")
    case (nil, _): throw Self.missing("client_id", beside: "client_secret")
    }
  }

  private static func missing(_ absent: String, beside present: String) -> AkoolError {
    AkoolError(
      .unauthenticated, "\(present) is given without \(absent)",
      hint: "Give both (AKOOL_CLIENT_ID and AKOOL_CLIENT_SECRET), or an api_key (AKOOL_API_KEY).")
  }

  /// Refuses what cannot be a credential, without echoing it.
  private static func checked(_ secret: String, _ name: String) throws(AkoolError) -> String {
    if secret.lowercased().hasPrefix("bearer") && secret.dropFirst(6).first == " " {
      throw fault(name, "begins with \"Bearer \"", "Give the bare value; libakool writes the header.")
    }
    guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw fault(
        name, "contains a blank, a control character or a character outside ASCII",
        "Copy it again, without blanks or line ends.")
    }
    return secret
  }

  private static func fault(_ name: String, _ problem: String, _ hint: String) -> AkoolError {
    AkoolError(.invalidArgument, "configuration: \(name): \(problem)", hint: hint)
  }
}
