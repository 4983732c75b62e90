extension ClientCore {
  /// How much is asked for at a time: little memory, and little work at a time for the event loop.
  private static var pieceBytes: Int64 { 524_288 }

  /// Gets what is missing of a file.
  func download(
    _ request: ResourceRequest, _ file: PartialFile, _ progress: inout ResourceProgress, _ call: CallContext
  ) async throws(AkoolError) {
    while file.source?.size == nil || file.length < file.source?.size ?? 0 {
      switch try await piece(request, file, call) {
      case .bytes(let bytes, let source, let contentType):
        try await take(bytes, source, request, file, call)
        progress.contentType = contentType
        if let event = progress.event(file, loop.now) { mailbox.post(event) }
      case .changed: try await onDisk(call) { () throws(AkoolError) in try file.restart(nil) }
      }
    }
  }

  private func take(
    _ bytes: [UInt8], _ source: PartialFile.Source, _ request: ResourceRequest, _ file: PartialFile,
    _ call: CallContext
  ) async throws(AkoolError) {
    if let size = source.size, size > request.maximumBytes { throw Self.tooLarge(size, request) }
    let isNew = file.source == nil
    try await onDisk(call) { () throws(AkoolError) in
      if isNew {
        if let size = source.size { try file.requireRoom(for: size) }
        try file.restart(source)
      }
      try file.append(bytes)
    }
    if file.length > request.maximumBytes { throw Self.tooLarge(file.length, request) }
  }

  private static func tooLarge(_ size: Int64, _ request: ResourceRequest) -> AkoolError {
    AkoolError(
      .localLimit,
      "resource.save: \(request.address) has \(size) bytes, more than max_bytes, which is \(request.maximumBytes)",
      hint: "Raise max_bytes if that is meant to be.")
  }

  // MARK: Asking for a piece

  /// Asks until an answer comes that can be used, or it is no use.
  private func piece(
    _ request: ResourceRequest, _ file: PartialFile, _ call: CallContext
  ) async throws(AkoolError) -> ResourcePiece {
    let policy = RetryPolicy(safety: .safe, maximumAttempts: call.options.maximumAttempts)
    var attempts = 0
    while true {
      attempts += 1
      let failure: AttemptFailure
      do throws(AttemptFailure) {
        return try ResourcePiece(try await fetch(pieceRequest(request, file), request, call), request, file)
      } catch {
        failure = error
      }
      guard let delay = policy.delay(after: failure, attempts: attempts, random: &random), budget.spend(on: failure)
      else { throw failure.error }
      statistics.countRetry(failure.reason)
      do throws(Interruption) { try await call.scope.sleep(milliseconds: delay) } catch {
        throw self.error(error, call, during: "waiting to go on after: \(failure.error.message)")
      }
    }
  }

  private func pieceRequest(_ request: ResourceRequest, _ file: PartialFile) -> HTTPRequest {
    let last = file.length + min(Self.pieceBytes, configuration.limits.bodyBytes) - 1
    var http = HTTPRequest(method: "GET", url: request.url, isRepeatable: true)
    // Of a file that was packed on the way, parts cannot be put together.
    http.headers = [
      HTTPHeader("Accept-Encoding", "identity"), HTTPHeader("Range", "bytes=\(file.length)-\(last)"),
    ]
    if file.length > 0, let validator = file.source?.validator {
      http.headers.append(HTTPHeader("If-Range", validator))
    }
    return http
  }

  /// Sends a request for a file, without credentials, wherever its redirects lead.
  private func fetch(
    _ first: HTTPRequest, _ request: ResourceRequest, _ call: CallContext
  ) async throws(AttemptFailure) -> HTTPResponse {
    var http = first
    call.beginAttempt()
    statistics.attempts += 1
    for _ in 0...Redirect.maximumCount {
      let response = try await transfer(http, request, call)
      guard (300..<400).contains(response.status), let location = response.header("location") else { return response }
      do throws(TransferFailure) { http = try Redirect.next(http, location) } catch {
        throw Self.failed(error, request)
      }
      http.refusesPrivateAddresses = !request.allowsPrivateAddresses
    }
    throw Self.failed(
      TransferFailure(.redirect, "more than \(Redirect.maximumCount) redirects", delivery: .notSent), request)
  }

  private func transfer(
    _ http: HTTPRequest, _ request: ResourceRequest, _ call: CallContext
  ) async throws(AttemptFailure) -> HTTPResponse {
    let outcome: TransferOutcome
    do throws(Interruption) {
      outcome = try await call.scope.suspend { resume in
        let guarded = GuardedTransfer(loop)
        guarded.start(http, transport, limit: configuration.attemptTimeout, resume)
        return { _ = guarded.cancel() }
      }
    } catch {
      throw .final(self.error(error, call, during: "waiting for \(request.address)"))
    }
    switch outcome {
    case .response(let response): return response
    case .failure(let failure): throw Self.failed(failure, request)
    }
  }

  private static func failed(_ failure: TransferFailure, _ request: ResourceRequest) -> AttemptFailure {
    let endpoint = EndpointRequest(method: "GET", path: request.address, safety: .safe)
    return AttemptFailure(
      error: failure.error(endpoint), delivery: failure.delivery, isTransient: failure.isTransient,
      reason: failure.kind.rawValue)
  }
}
