/// How the flows of sessions reach the ledger.
extension ClientCore {
  /// How long a record that nobody waits for waits for other programs, in milliseconds.
  private static var patience: Int64 { 5_000 }

  /// Waits for the ledger within a call's time.
  // Not specialised for each type: that took 24 KB, and a ledger takes longer than a generic call.
  @_semantics("optimize.sil.specialize.generic.never")
  func ledger<Value: Sendable>(
    _ call: CallContext, _ work: @escaping @Sendable (any Ledger) throws(AkoolError) -> Value
  ) async throws(AkoolError) -> Value {
    let (loop, thread) = (loop, ledgerThread)
    let patience = min(Self.patience, max(50, call.scope.deadline.milliseconds(after: call.scope.now)))
    let result: Result<Value, AkoolError>
    do throws(Interruption) {
      result = try await call.scope.suspend { (resume: @escaping (Result<Value, AkoolError>) -> Void) in
        let back = LoopCallback(call: resume)
        thread.run(patience: patience, work) { outcome in loop.post { back.call(outcome) } }
        return {}
      }
    } catch {
      throw self.error(error, call, during: "waiting for the ledger")
    }
    return try result.get()
  }

  /// Writes something down that nothing waits for. The order of what is written stays.
  func record(_ what: String, _ work: @escaping @Sendable (any Ledger) throws(AkoolError) -> Void) {
    let loop = loop
    ledgerThread.run(patience: Self.patience, work) { [self] outcome in
      guard case .failure(let error) = outcome else { return }
      loop.post { self.assumeIsolated { $0.log(.error, "the ledger does not know that \(what): \(error.message)") } }
    }
  }
}
