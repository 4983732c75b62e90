/// Successes of AKOOL that lack what they should bring.
enum ReplyFaults {
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
