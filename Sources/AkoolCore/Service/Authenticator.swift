/// Credentials of a client, as the header that carries them. Lives on the event loop.
final class Authenticator {
  /// Time for which a token without a readable end is used, in milliseconds.
  static let fallbackLifetime: Int64 = 55 * 60 * 1000
  /// Time before its end at which a token is replaced, in milliseconds.
  static let margin: Int64 = 60_000

  let credentials: Credentials
  /// Secrets that must appear nowhere: the configured ones, and the latest tokens.
  private(set) var secrets: Secrets
  private let configuredSecrets: Secrets
  private let clock: any TimeSource
  private var token: Token?
  private var latestToken: String?
  private var isMinting = false
  private let waiting = WaiterList<Result<HTTPHeader, AkoolError>>()

  private struct Token {
    let header: HTTPHeader
    let expires: Instant
  }

  init(_ configuration: Configuration, _ clock: any TimeSource) {
    credentials = configuration.credentials
    configuredSecrets = Secrets(configuration)
    secrets = configuredSecrets
    self.clock = clock
  }

  /// The header, if it is at hand.
  var header: HTTPHeader? {
    switch credentials {
    case .apiKey(let key): return HTTPHeader("x-api-key", key)
    case .token(let token): return HTTPHeader("Authorization", "Bearer \(token)")
    case .client:
      guard let token, token.expires > clock.now else { return nil }
      return token.header
    }
  }

  /// Whether a refused token can be replaced by another.
  var canRenew: Bool {
    if case .client = credentials { return true }
    return false
  }

  /// Forgets the token if it is still the one that was refused.
  func refuse(_ header: HTTPHeader) { if token?.header == header { token = nil } }

  func store(_ text: String, serverDate: Int64?) -> HTTPHeader {
    let lifetime = JSONWebToken.expiry(of: text).map { $0 - (serverDate ?? clock.wallMilliseconds) }
    let usable = max(1_000, (lifetime ?? Self.fallbackLifetime + Self.margin) - Self.margin)
    let header = HTTPHeader("Authorization", "Bearer \(text)")
    noteSecret(text)
    token = Token(header: header, expires: clock.now.adding(milliseconds: usable))
    return header
  }

  /// Keeps the token before it secret, too: replies may still mention it.
  private func noteSecret(_ token: String) {
    var secrets = configuredSecrets
    if let earlier = latestToken { secrets.learn(earlier) }
    secrets.learn(token)
    latestToken = token
    self.secrets = secrets
  }

  /// Whether the caller has to fetch a token: false while another one does.
  func beginMint() -> Bool {
    defer { isMinting = true }
    return !isMinting
  }

  /// Ends the wait of everybody who needs a token.
  func endMint(_ outcome: Result<HTTPHeader, AkoolError>) {
    isMinting = false
    waiting.resumeAll(outcome)
  }

  /// Waits for the token that is being fetched.
  func awaitToken(_ scope: Scope) async throws(Interruption) -> Result<HTTPHeader, AkoolError> {
    try await waiting.wait(scope)
  }
}
