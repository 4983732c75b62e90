/// Keeps the one header that proves who the client is. Lives on the event loop.
final class Authenticator {
  /// A token that nobody could look into is used for this long, in milliseconds.
  static let fallbackLifetime: Int64 = 55 * 60 * 1000
  /// How long before its end a token is replaced, in milliseconds.
  static let margin: Int64 = 60_000

  let credentials: Credentials
  /// What must appear nowhere: what is configured, and the tokens it was exchanged for lately.
  private(set) var secrets: Secrets
  private let configuredSecrets: Secrets
  private let clock: any TimeSource
  private var token: Token?
  private var latestToken: String?
  private var mint: Mint?

  private struct Token {
    let header: HTTPHeader
    let expires: Instant
  }

  /// A request for a token that is under way; everybody who needs one waits for the same.
  private final class Mint {
    var outcome: Result<HTTPHeader, AkoolError>?
    var waiting: [ObjectIdentifier: (Result<HTTPHeader, AkoolError>) -> Void] = [:]
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

  /// The token before it may still be spoken of.
  private func noteSecret(_ token: String) {
    var secrets = configuredSecrets
    if let earlier = latestToken { secrets.learn(earlier) }
    secrets.learn(token)
    latestToken = token
    self.secrets = secrets
  }

  /// Waits for the token that is being fetched; `start` fetches it if nobody does yet.
  func awaitToken(
    _ scope: Scope, start: (@escaping (Result<HTTPHeader, AkoolError>) -> Void) -> Void
  ) async throws(Interruption) -> Result<HTTPHeader, AkoolError> {
    let mint = mint ?? begin(start)
    if let outcome = mint.outcome { return outcome }
    return try await scope.suspend { resume in
      let key = ObjectIdentifier(scope)
      mint.waiting[key] = resume
      return { mint.waiting[key] = nil }
    }
  }

  private func begin(_ start: (@escaping (Result<HTTPHeader, AkoolError>) -> Void) -> Void) -> Mint {
    let mint = Mint()
    self.mint = mint
    start { [self] outcome in
      self.mint = nil
      mint.outcome = outcome
      let waiting = mint.waiting.values
      mint.waiting = [:]
      for resume in waiting { resume(outcome) }
    }
    return mint
  }
}
