extension Service {
  static var tokenPath: String { "/api/open/v3/getToken" }
  /// Longest access token that is used, in bytes.
  private static var maximumToken: Int { 16_384 }

  /// The header for the next attempt; fetches a token first where one is needed.
  func credentialHeader(_ call: CallContext) async throws(AkoolError) -> HTTPHeader {
    if let header = authenticator.header { return header }
    if authenticator.beginMint() { loop.spawn { self.authenticator.endMint(await self.mintToken()) } }
    let outcome: Result<HTTPHeader, AkoolError>
    do throws(Interruption) {
      outcome = try await authenticator.awaitToken(call.scope)
    } catch {
      throw error.error(during: "waiting for an access token", call.scope)
    }
    return try outcome.get()
  }

  /// Exchanges id and secret for a token. It is no call's own: one that is cancelled must not take the token from the
  /// others that wait for it.
  private func mintToken() async -> Result<HTTPHeader, AkoolError> {
    let options = CallOptions(timeout: configuration.timeout, maximumAttempts: configuration.maximumAttempts)
    let call = background.begin(
      CallContext(0, "auth.token", options, Scope(loop, timeout: options.timeout), isUrgent: true))
    defer { background.end(call) }
    do throws(AkoolError) {
      return .success(try await requestToken(call))
    } catch {
      reporter.log(.error, "no access token: \(error.message)", [:])
      return .failure(error)
    }
  }

  private func requestToken(_ call: CallContext) async throws(AkoolError) -> HTTPHeader {
    guard case .client(let id, let secret) = authenticator.credentials else {
      throw AkoolError(.internal, "a token was asked for without client id and secret")
    }
    let body: JSON = ["clientId": .string(id), "clientSecret": .string(secret)]
    let envelope = try await send(.post(Self.tokenPath, body, .safe), call, isAuthenticated: false)
    guard let token = envelope.body["token"]?.string ?? envelope.data["token"]?.string, Self.isSendable(token) else {
      throw AkoolError(.badResponse, "POST \(Self.tokenPath): the answer has no token")
    }
    let header = authenticator.store(token, serverDate: call.serverDate)
    reporter.didObtainToken(expires: JSONWebToken.expiry(of: token))
    reporter.log(.info, "a new access token was obtained", [:])
    return header
  }

  private static func isSendable(_ token: String) -> Bool {
    (1...maximumToken).contains(token.utf8.count) && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
