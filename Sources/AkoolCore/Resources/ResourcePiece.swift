/// What an answer to a request for a part of a file brought.
enum ResourcePiece {
  /// The next bytes, and what they are a part of.
  case bytes([UInt8], PartialFile.Source, contentType: String?)
  /// The file is not the one that the first part is of.
  case changed

  /// - Throws: Whether asking again may help.
  init(
    _ response: HTTPResponse, _ request: ResourceRequest, _ file: PartialFile
  ) throws(AttemptFailure) {
    switch response.status {
    case 206: self = try Self.part(response, request, file)
    case 200: self = try Self.whole(response, request, file)
    case 416 where file.length > 0: self = .changed
    case 403, 404, 410: throw .final(Self.gone(response.status, request))
    default: throw Self.refused(response.status, request)
    }
  }

  private static func part(
    _ response: HTTPResponse, _ request: ResourceRequest, _ file: PartialFile
  ) throws(AttemptFailure) -> ResourcePiece {
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
  ) throws(AttemptFailure) -> ResourcePiece {
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
