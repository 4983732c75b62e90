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

  /// Asks until an answer comes that can be used, or another attempt is no use.
  private func piece(
    _ request: ResourceRequest, _ file: PartialFile, _ call: CallContext
  ) async throws(AkoolError) -> ResourcePiece {
    let label = EndpointRequest(method: "GET", path: request.address, safety: .safe)
    return try await service.retrying(call, .safe) { () async throws(AttemptFailure) -> ResourcePiece in
      let response = try await service.fetch(
        pieceRequest(request, file), as: label, place: "resource.save",
        refusesPrivateAddresses: !request.allowsPrivateAddresses, call)
      return try ResourcePiece(response, request, file)
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
}
