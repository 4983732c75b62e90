extension ClientCore {
  /// Prepares a token and a connection, so that the first call costs one round trip. Failures only cost the
  /// head start.
  func warmUp() {
    spawn { [self] in
      let call = internalCall("client.warm", timeout: configuration.timeout)
      defer { end(internal: call) }
      do throws(AkoolError) {
        _ = try await service.send(.get(AccountOperations.balance.path), call)
      } catch {
        log(.warning, "warming up failed: \(error.message)")
      }
    }
  }
}
