extension ClientCore {
  static var tokenPath: String { "/api/open/v3/getToken" }

  /// The header for the next attempt; fetches a token first where one is needed.
  func credentialHeader(_ call: CallContext) async throws(AkoolError) -> HTTPHeader {
    if let header = authenticator.header { return header }
    let outcome: Result<HTTPHeader, AkoolError>
    do throws(Interruption) {
      outcome = try await authenticator.awaitToken(call.scope) { finish in
        self.spawn { finish(await self.mintToken()) }
      }
    } catch {
      throw self.error(error, call, during: "waiting for an access token")
    }
    return try outcome.get()
  }

  /// Exchanges id and secret for a token. It is no call's own: one that is cancelled must not take the
  /// token from the others that wait for it.
  private func mintToken() async -> Result<HTTPHeader, AkoolError> {
    let call = internalCall("auth.token", timeout: configuration.timeout)
    defer { end(internal: call) }
    do throws(AkoolError) {
      return .success(try await requestToken(call))
    } catch {
      log(.error, "no access token: \(error.message)")
      return .failure(error)
    }
  }

  private func requestToken(_ call: CallContext) async throws(AkoolError) -> HTTPHeader {
    guard case .client(let id, let secret) = authenticator.credentials else {
      throw AkoolError(.internal, "a token was asked for without client id and secret")
    }
    let body: JSON = ["clientId": .string(id), "clientSecret": .string(secret)]
    let request = EndpointRequest.post(Self.tokenPath, body, .safe)
    let envelope = try await executeUnauthenticated(request, call)
    guard let token = envelope.body["token"]?.string ?? envelope.data["token"]?.string, Self.isSendable(token) else {
      throw AkoolError(.badResponse, "POST \(Self.tokenPath): the answer has no token")
    }
    let header = authenticator.store(token, serverDate: call.serverDate)
    var event = JSONObject()
    event["expires_at"] = JSONWebToken.expiry(of: token).map(JSON.integer)
    mailbox.post(Event(.tokenRefreshed, event, importance: .state(subject: "")))
    log(.info, "a new access token was obtained")
    return header
  }

  private static func isSendable(_ token: String) -> Bool {
    !token.isEmpty && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
