/// The settings of a client, validated. They never change after the client is made.
public final class Configuration: Sendable {
  /// How strictly parameters are checked before a request is sent.
  public enum Validation: String, Sendable {
    /// A fault is an error; nothing is sent.
    case strict
    /// A fault is logged, and the request is sent.
    case warn
    /// Nothing is checked.
    case off
  }

  /// Where the service is, without a slash at the end.
  public let baseURL: String
  /// How the client proves who it is.
  let credentials: Credentials
  /// What webhooks are signed and encrypted with, where it is known.
  let webhookSecret: WebhookSecret?
  /// The overall deadline of a call, in milliseconds.
  let timeout: Int64
  /// The time for connecting, TLS included, in milliseconds.
  let connectTimeout: Int64
  /// The time of one attempt of a call that may be repeated, in milliseconds.
  let attemptTimeout: Int64
  /// The most attempts of one call.
  let maximumAttempts: Int
  /// The time that closing the client may take, in milliseconds.
  let closeTimeout: Int64
  /// Whether a connection and a token are prepared at once.
  let isWarm: Bool
  let tls: TLSSettings
  let network: NetworkSettings
  let limits: ResourceLimits
  let polling: PollingSettings
  let ledger: LedgerSettings
  let ownership: AccountOwnership
  let spending: SpendingSettings
  let validation: Validation
  let userAgent: String
  /// The settings of the simulator in this process, as given.
  public let simulator: JSON

  /// Whether the base URL names the simulator in this process.
  public let isSimulated: Bool

  static let simulatorScheme = "simulator:"

  init(
    baseURL: String, credentials: Credentials, webhookSecret: WebhookSecret?, timeout: Int64, connectTimeout: Int64,
    attemptTimeout: Int64, maximumAttempts: Int, closeTimeout: Int64, isWarm: Bool, tls: TLSSettings,
    network: NetworkSettings, limits: ResourceLimits, polling: PollingSettings, ledger: LedgerSettings,
    ownership: AccountOwnership, spending: SpendingSettings, validation: Validation, userAgent: String,
    simulator: JSON
  ) {
    self.baseURL = baseURL
    self.credentials = credentials
    self.webhookSecret = webhookSecret
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.attemptTimeout = attemptTimeout
    self.maximumAttempts = maximumAttempts
    self.closeTimeout = closeTimeout
    self.isWarm = isWarm
    self.tls = tls
    self.network = network
    self.limits = limits
    self.polling = polling
    self.ledger = ledger
    self.ownership = ownership
    self.spending = spending
    self.validation = validation
    self.userAgent = userAgent
    self.simulator = simulator
    isSimulated = baseURL.hasPrefix(Self.simulatorScheme)
  }

  /// The absolute URL of a path of the service. In the simulator: `simulator://NAME/path`.
  func endpoint(_ target: String) -> String {
    guard isSimulated else { return baseURL + target }
    return "simulator://" + baseURL.dropFirst(Self.simulatorScheme.count).drop { $0 == "/" } + target
  }
}

struct TLSSettings: Sendable {
  let caFile: String?
  let caPath: String?
  let caBlob: String?
}

struct NetworkSettings: Sendable {
  enum Family: String, Sendable { case any, ipv4, ipv6 }

  let proxy: String
  let proxyAddress: ProxyAddress?
  let noProxy: NoProxy
  let family: Family
  let resolve: [String]
  /// As libcurl takes it: `if!name` or `host!address`.
  let interface: String?
  let tcpUserTimeout: Int64
  let idleConnectionAge: Int64
  let slowness: SlownessLimit
  let allowsHTTP2: Bool
  let allowsInsecureHTTP: Bool
}

/// When a reply that has begun counts as dead: fewer than so many bytes a second for so long.
struct SlownessLimit: Sendable {
  /// 0 switches it off.
  let bytesPerSecond: Int64
  let milliseconds: Int64
}

struct ResourceLimits: Sendable {
  let bodyBytes: Int64
  let inFlightPerHost: Int
  let requests: Int
  let events: Int
}

struct LedgerSettings: Sendable {
  let file: String?
  let isRequired: Bool
  let sweepsOnStart: Bool
  /// How long a session is looked for whose create had no reply, in milliseconds.
  let reconcileWindow: Int64
  /// How long nothing must be found before another is created, in milliseconds.
  let reconcileSettle: Int64
}

/// Who else opens sessions on the account.
enum AccountOwnership: String, Sendable {
  /// Other programs, of which nothing is known.
  case shared
  /// Only programs that share the ledger file.
  case ledger
  /// Nobody but this client.
  case exclusive
}

struct SpendingSettings: Sendable {
  let limits: SpendLimits
  let minimumCredit: Double?
  let creditsPerSecond: Double?
}

struct PollingSettings: Sendable {
  let initial: Int64
  let maximum: Int64
}
