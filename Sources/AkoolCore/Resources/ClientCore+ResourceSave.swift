extension ClientCore {
  /// How much is asked for at a time: little memory, and little work at a time for the event loop.
  private static var pieceBytes: Int64 { 524_288 }
  /// How often to look whether another process has finished with the same file, in milliseconds.
  private static var busyWait: Int64 { 200 }

  func saveResource(_ request: ResourceRequest, _ call: CallContext) async throws(AkoolError) -> JSON {
    try requireEncryption(request)
    let file = try await partialFile(request, call)
    if file.source?.address != request.address || file.source?.validator == nil {
      try await onDisk(call) { () throws(AkoolError) in try file.restart(nil) }
    }
    let isResumed = file.length > 0
    var progress = ResourceProgress(request)
    let digest: String
    do throws(AkoolError) {
      digest = try await fill(file, request, &progress, call)
    } catch {
      note(failed: request, error, hasBegun: file.length > 0)
      throw error
    }
    let size = JSON.integer(file.length)
    mailbox.post(
      Event(.resourceSaved, ["path": .string(request.path), "bytes": size, "sha256": .string(digest)]))
    var result: JSONObject = ["path": .string(request.path), "bytes": size, "sha256": .string(digest)]
    result["content_type"] = progress.contentType.map(JSON.string)
    result["resumed"] = .bool(isResumed)
    return .object(result)
  }

  /// Gets the rest of the file, and gives it its name.
  ///
  /// - Returns: Its SHA-256.
  private func fill(
    _ file: PartialFile, _ request: ResourceRequest, _ progress: inout ResourceProgress, _ call: CallContext
  ) async throws(AkoolError) -> String {
    try await download(request, file, &progress, call)
    let digest = try await onDisk(call) { () throws(AkoolError) in file.sha256() }
    try await check(digest, request, file, call)
    let now = loop.clock.wallMilliseconds
    let copy = try await onDisk(call) { () throws(AkoolError) -> LedgerResource.Copy? in
      guard try file.finish(replacing: request.overwrites) else { return nil }
      let path = LocalPath.absolute(request.directory, request.name)
      return LedgerResource.Copy(path: path, digest: digest, bytes: file.length, savedAt: now)
    }
    guard let copy else { throw Self.taken(request) }
    note(saved: request, copy)
    return digest
  }

  private func requireEncryption(_ request: ResourceRequest) throws(AkoolError) {
    guard let parts = URLParts(request.url), parts.scheme == "http", !parts.isLoopback,
      !configuration.network.allowsInsecureHTTP
    else { return }
    throw AkoolError(
      .invalidArgument, "resource.save: url: http:// is not encrypted", hint: "Use https://, or allow_insecure_http.")
  }

  private func check(
    _ digest: String, _ request: ResourceRequest, _ file: PartialFile, _ call: CallContext
  ) async throws(AkoolError) {
    guard let expected = request.digest, expected != digest else { return }
    try await onDisk(call) { () throws(AkoolError) in file.discard() }
    throw AkoolError(
      .badResponse, "resource.save: \(request.address): the SHA-256 is \(digest), not \(expected)",
      hint: "The file is another one, or was damaged on its way. Nothing was saved.")
  }

  private static func taken(_ request: ResourceRequest) -> AkoolError {
    AkoolError(
      .alreadyExists, "resource.save: there is a file \(JSON.string(request.path).serialized()) already",
      hint: "Choose another name, or say {\"overwrite\": true}.")
  }

  // MARK: The disk

  /// Waits its turn where somebody else saves the same file.
  private func partialFile(_ request: ResourceRequest, _ call: CallContext) async throws(AkoolError) -> PartialFile {
    while true {
      let opening = try await onDisk(call) { () throws(AkoolError) -> PartialFile.Opening in
        if !request.overwrites, PartialFile.exists(in: request.directory, request.name) { throw Self.taken(request) }
        return try PartialFile.open(in: request.directory, request.name)
      }
      if case .opened(let file) = opening { return file }
      do throws(Interruption) { try await call.scope.sleep(milliseconds: Self.busyWait) } catch {
        throw self.error(error, call, during: "waiting for another save of \(request.name)")
      }
    }
  }

  /// Does something that may wait for the disk, on the disk's thread.
  func onDisk<Value: Sendable>(
    _ call: CallContext, _ work: @escaping @Sendable () throws(AkoolError) -> Value
  ) async throws(AkoolError) -> Value {
    let (loop, disk) = (loop, disk)
    let result: Result<Value, AkoolError>
    do throws(Interruption) {
      result = try await call.scope.suspend { (resume: @escaping (Result<Value, AkoolError>) -> Void) in
        let back = LoopCallback(call: resume)
        disk.run {
          let outcome = Result { () throws(AkoolError) in try work() }
          loop.post { back.call(outcome) }
        }
        return {}
      }
    } catch {
      throw self.error(error, call, during: "waiting for the disk")
    }
    return try result.get()
  }

  // MARK: The download

  private func download(
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
}

// MARK: Asking for a piece

extension ClientCore {
  /// What an answer brought.
  private enum Piece {
    /// The next bytes, and what they are a part of.
    case bytes([UInt8], PartialFile.Source, contentType: String?)
    /// The file is not the one that the first part is of.
    case changed
  }

  /// Asks until an answer comes that can be used, or it is no use.
  private func piece(
    _ request: ResourceRequest, _ file: PartialFile, _ call: CallContext
  ) async throws(AkoolError) -> Piece {
    let policy = RetryPolicy(safety: .safe, maximumAttempts: call.options.maximumAttempts)
    var attempts = 0
    while true {
      attempts += 1
      let failure: AttemptFailure
      do throws(AttemptFailure) {
        return try Self.read(try await fetch(pieceRequest(request, file), request, call), request, file)
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

  // MARK: Reading an answer

  private static func read(
    _ response: HTTPResponse, _ request: ResourceRequest, _ file: PartialFile
  ) throws(AttemptFailure) -> Piece {
    switch response.status {
    case 206: return try part(response, request, file)
    case 200: return try whole(response, request, file)
    case 416 where file.length > 0: return .changed
    case 403, 404, 410: throw .final(gone(response.status, request))
    default: throw refused(response.status, request)
    }
  }

  private static func part(
    _ response: HTTPResponse, _ request: ResourceRequest, _ file: PartialFile
  ) throws(AttemptFailure) -> Piece {
    guard let range = response.header("content-range").flatMap(ContentRange.init), let start = range.start else {
      throw .final(unreadable("answers 206 without a Content-Range", request))
    }
    let source = PartialFile.Source(
      address: request.address, validator: ResourceValidator(response)?.text, size: range.total)
    if file.length > 0, source != file.source { return .changed }
    guard start == file.length else {
      throw .final(unreadable("answers from byte \(start) when asked from byte \(file.length)", request))
    }
    if response.body.isEmpty || range.total.map({ start + Int64(response.body.count) > $0 }) == true {
      throw .final(unreadable("answers with another length than it says", request))
    }
    return .bytes(response.body, source, contentType: response.header("content-type"))
  }

  /// A server that knows no ranges, or a file that has changed.
  private static func whole(
    _ response: HTTPResponse, _ request: ResourceRequest, _ file: PartialFile
  ) throws(AttemptFailure) -> Piece {
    if file.length > 0 { return .changed }
    let source = PartialFile.Source(
      address: request.address, validator: ResourceValidator(response)?.text, size: Int64(response.body.count))
    return .bytes(response.body, source, contentType: response.header("content-type"))
  }

  private static func gone(_ status: Int, _ request: ResourceRequest) -> AkoolError {
    var error = AkoolError(
      .resourceExpired, "resource.save: \(request.address) is not there any more: HTTP \(status)",
      hint: "AKOOL keeps what it generates for seven days, and addresses with a signature end earlier. Ask for the "
        + "address again; libakool never generates anything anew.")
    error.httpStatus = status
    return error
  }

  private static func refused(_ status: Int, _ request: ResourceRequest) -> AttemptFailure {
    let isTransient = status == 429 || status >= 500
    var error = AkoolError(
      isTransient ? .unavailable : .badResponse, "resource.save: \(request.address): HTTP \(status)",
      hint: isTransient ? "Save it again: what has come so far is kept." : "Check the URL.", isRetryable: isTransient)
    error.httpStatus = status
    return AttemptFailure(error: error, delivery: .maybeSent, isTransient: isTransient, reason: "http_\(status)")
  }

  private static func unreadable(_ fault: String, _ request: ResourceRequest) -> AkoolError {
    AkoolError(
      .badResponse, "resource.save: \(request.address): the server \(fault)",
      hint: "Nothing was saved. Try again; if it stays so, fetch the file in another way.")
  }
}

/// Says from time to time how far a download is.
struct ResourceProgress {
  /// In milliseconds.
  private static let pause: Int64 = 500

  private let path: String
  private var next: Instant?
  var contentType: String?

  init(_ request: ResourceRequest) { path = request.path }

  /// Nil when the last one was told only just.
  mutating func event(_ file: PartialFile, _ now: Instant) -> Event? {
    if let next, now < next { return nil }
    next = now.adding(milliseconds: Self.pause)
    var members: JSONObject = ["path": .string(path), "bytes": .integer(file.length)]
    members["total"] = file.source?.size.map(JSON.integer)
    return Event(.resourceDownloading, members, importance: .coalescing(subject: path))
  }
}
