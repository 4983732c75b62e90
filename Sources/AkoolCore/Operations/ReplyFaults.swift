/// Successes of AKOOL that lack what they should bring.
enum ReplyFaults {
  /// For what must not happen twice, such a success leaves open what has happened.
  static func missing(_ what: String, _ request: EndpointRequest, _ data: JSON) -> AkoolError {
    let place = "\(request.method) \(request.path)"
    guard request.safety != .safe else { return missing(what, place, data) }
    return AkoolError(
      .outcomeUnknown, "\(place): AKOOL reports success without a \(what) (data is \(data.typeName))",
      hint: "It has probably happened; it is not repeated, since it would happen twice. Look before trying again.")
  }

  static func missing(_ what: String, _ endpoint: Endpoint, _ data: JSON) -> AkoolError {
    missing(what, "\(endpoint.method) \(endpoint.path)", data)
  }

  static func missing(_ what: String, _ place: String, _ data: JSON) -> AkoolError {
    AkoolError(
      .badResponse,
      "\(place): AKOOL reports success without a \(what) (data is \(data.typeName))",
      hint: "Call again; if it stays so, AKOOL has changed its answers: {\"raw\": true} shows them.", isRetryable: true)
  }
}
