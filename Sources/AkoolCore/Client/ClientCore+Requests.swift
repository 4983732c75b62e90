extension ClientCore {
  /// Begins a request whose reply has its place in the mailbox.
  func start(_ request: UInt64, _ invocation: Invocation) {
    do throws(AkoolError) {
      if isClosing { throw ClientErrors.shuttingDown }
      let prepared = try invocation.outcome.get()
      let call = call(request, invocation, prepared)
      guard loop.clock.now < call.scope.deadline else {
        call.scope.end()
        throw Interruption.deadline.error(during: "waiting for the client's thread", timeout: prepared.options.timeout)
      }
      active[request] = call
      warn(prepared)
      begin(prepared, call)
    } catch {
      fail(request, invocation, error)
    }
  }

  private func begin(_ prepared: Invocation.Prepared, _ call: CallContext) {
    guard let path = prepared.request?.path, !call.isUrgent else { return spawn { await self.run(prepared, call) } }
    let line = lines.line(path)
    call.line = line
    guard !line.enter() else { return spawn { await self.run(prepared, call) } }
    let request = call.request
    call.turn = line.waiting.add(call.scope.deadline) { [unowned self] in
      assumeIsolated { $0.beginHeld(request, prepared) }
    }
    call.scope.hold { [unowned self] interruption in
      assumeIsolated { $0.endHeld(request, prepared, interruption) }
    }
  }

  private func beginHeld(_ request: UInt64, _ prepared: Invocation.Prepared) {
    guard let call = active[request] else { return }
    call.turn = nil
    call.scope.release()
    spawn { await self.run(prepared, call) }
  }

  private func endHeld(_ request: UInt64, _ prepared: Invocation.Prepared, _ interruption: Interruption) {
    guard let call = active[request] else { return }
    call.turn?.leave()
    (call.turn, call.line) = (nil, nil)
    end(call, .failure(error(interruption, call, during: "waiting for a free connection")), prepared)
  }

  private func call(_ request: UInt64, _ invocation: Invocation, _ prepared: Invocation.Prepared) -> CallContext {
    let options = prepared.options
    return CallContext(
      request, prepared.operation.name, options, Scope(loop, started: invocation.started, timeout: options.timeout),
      isUrgent: prepared.operation.isUrgent, prepared: prepared.request, paid: invocation.paid)
  }

  private func warn(_ prepared: Invocation.Prepared) {
    guard let warnings = prepared.warnings else { return }
    log(
      .warning, "\(prepared.operation.name): \(warnings.faultCount) faults in the parameters",
      ["faults": .array(warnings.faults.map(\.json))])
  }

  private func run(_ prepared: Invocation.Prepared, _ call: CallContext) async {
    let operation = prepared.operation
    let outcome: Result<JSON, AkoolError>
    do throws(AkoolError) {
      let data = try await operation.run(self, call, prepared.parameters)
      if operation.namesGenerated { await notice(filesOf: data, operation, call) }
      outcome = .success(data)
    } catch {
      outcome = .failure(error)
    }
    end(call, outcome, prepared)
  }

  private func end(_ call: CallContext, _ outcome: Result<JSON, AkoolError>, _ prepared: Invocation.Prepared) {
    call.scope.end()
    active[call.request] = nil
    call.line?.leave()
    let meta = call.meta(isSimulated: configuration.isSimulated)
    let reply: Reply
    switch outcome {
    case .success(let data): reply = .success(data, meta: meta, raw: call.rawBody)
    case .failure(let error):
      let secrets = secrets(of: prepared)
      reply = .failure(secrets.concealed(error), meta: secrets.concealed(valuesOf: meta), raw: call.rawBody)
    }
    service.statistics.count(call, reply.result)
    mailbox.complete(call.request, with: reply)
    noteIdleness()
  }

  /// Ends a request that never became a call.
  private func fail(_ request: UInt64, _ invocation: Invocation, _ error: AkoolError) {
    var meta: JSONObject = ["operation": .string(invocation.operation), "attempts": 0, "elapsed_ms": 0]
    if configuration.isSimulated { meta["simulated"] = true }
    mailbox.complete(request, with: .failure(error, meta: .object(meta), raw: nil))
  }

  /// Secrets of the client, and of the call's own values.
  private func secrets(of prepared: Invocation.Prepared) -> Secrets {
    var secrets = service.authenticator.secrets
    if let named = prepared.named { secrets.add(named) } else { secrets.add(namedIn: .object(prepared.parameters)) }
    for header in prepared.options.headers { secrets.add(header.value) }
    return secrets
  }

  func cancel(_ request: UInt64) { active[request]?.scope.interrupt(.cancelled) }

  /// A reply that no caller waits for any more: the session that it opened is closed.
  func discard(_ reply: Reply) {
    guard reply.result == .ok, reply.json["meta"]?["operation"]?.string == SessionOperations.create.name,
      let id = reply.json["data"]?["_id"]?.string, sessions.entries[id] != nil
    else { return }
    log(.warning, "a session was opened that its caller no longer waits for: closing it", ["id": .string(id)])
    beginClosing(id, .closed)
  }
}
