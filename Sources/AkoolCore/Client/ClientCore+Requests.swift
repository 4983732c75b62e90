/// One request as the host submitted it.
struct Invocation: Sendable {
  let operation: String
  let parameters: Result<JSON, AkoolError>
  let options: Result<JSON, AkoolError>
}

extension ClientCore {
  /// Begins a request whose reply has its place in the mailbox.
  func start(_ request: UInt64, _ invocation: Invocation) {
    do throws(AkoolError) {
      let (operation, call, parameters) = try prepare(request, invocation)
      active[request] = call
      spawn { await self.run(operation, call, parameters) }
    } catch {
      fail(request, invocation, error)
    }
  }

  private func prepare(
    _ request: UInt64, _ invocation: Invocation
  ) throws(AkoolError) -> (Operation, CallContext, JSONObject) {
    if isClosing { throw ClientErrors.shuttingDown }
    let operation = try Catalogue.operation(invocation.operation)
    let options = try CallOptions(invocation.options.get(), configuration, defaultTimeout: operation.defaultTimeout)
    let parameters = try invocation.parameters.get()
    guard let object = parameters.object else {
      throw AkoolError(
        .invalidArgument, "\(operation.name): the parameters must be a JSON object, not \(parameters.typeName)")
    }
    let checked = try operation.checked(object, options.validation) { faults in
      log(
        .warning, "\(operation.name): \(faults.count) faults in the parameters", ["faults": .array(faults.map(\.json))])
    }
    let call = CallContext(request, operation.name, options, Scope(loop, timeout: options.timeout))
    return (operation, call, checked)
  }

  private func run(_ operation: Operation, _ call: CallContext, _ parameters: JSONObject) async {
    let outcome: Result<JSON, AkoolError>
    do throws(AkoolError) {
      let data = try await operation.run(self, call, parameters)
      if operation.namesGenerated { notice(operation.result.generated(in: data, now: serverNow), operation.name) }
      outcome = .success(data)
    } catch {
      outcome = .failure(error)
    }
    end(call, outcome, parameters)
  }

  private func end(_ call: CallContext, _ outcome: Result<JSON, AkoolError>, _ parameters: JSONObject) {
    call.scope.end()
    active[call.request] = nil
    let meta = call.meta(isSimulated: transport.isSimulated)
    let reply: Reply
    switch outcome {
    case .success(let data): reply = .success(data, meta: meta, raw: call.rawBody)
    case .failure(let error):
      let secrets = secrets(in: .object(parameters), call.options.headers)
      reply = .failure(secrets.concealed(error), meta: secrets.concealed(meta), raw: call.rawBody)
    }
    statistics.count(call, reply.result)
    mailbox.complete(call.request, with: reply)
    noteIdleness()
  }

  /// Ends a request that never became a call.
  private func fail(_ request: UInt64, _ invocation: Invocation, _ error: AkoolError) {
    let operation = invocation.operation
    let isKnown = Catalogue.operations[operation] != nil
    let name = isKnown ? operation : authenticator.secrets.concealed(SchemaValidator.quoted(operation))
    var meta: JSONObject = ["operation": .string(name), "attempts": 0, "elapsed_ms": 0]
    if transport.isSimulated { meta["simulated"] = true }
    let parameters = (try? invocation.parameters.get()) ?? .null
    let error = secrets(in: parameters).concealed(error)
    mailbox.complete(request, with: .failure(error, meta: .object(meta), raw: nil))
  }

  /// What is secret in the client's credentials and in the call's own values.
  private func secrets(in parameters: JSON, _ headers: [HTTPHeader] = []) -> Secrets {
    var secrets = authenticator.secrets
    secrets.add(namedIn: parameters)
    for header in headers { secrets.add(header.value) }
    return secrets
  }

  func cancel(_ request: UInt64) { active[request]?.scope.interrupt(.cancelled) }
}
