extension ClientCore {
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
      Event(
        .resourceSaved, ["path": .string(request.path), "bytes": size, "sha256": .string(digest)],
        importance: .state(subject: request.path)))
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
    let digest = try await onDisk(call) { () throws(AkoolError) in try file.sha256() }
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
  // Not specialised for each type: that takes room, and a disk takes longer than a generic call.
  @_semantics("optimize.sil.specialize.generic.never")
  func onDisk<Value: Sendable>(
    _ call: CallContext, _ work: @escaping @Sendable () throws(AkoolError) -> Value
  ) async throws(AkoolError) -> Value {
    let result: Result<Result<Value, AkoolError>, AkoolError>
    do throws(Interruption) {
      result = try await disk.run(call.scope, loop) { _ in Result { () throws(AkoolError) in try work() } }
    } catch {
      throw self.error(error, call, during: "waiting for the disk")
    }
    return try result.get().get()
  }
}
