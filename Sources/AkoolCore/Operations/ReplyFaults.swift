/// Successes of AKOOL that lack what they should bring.
enum ReplyFaults {
  static func missing(_ what: String, _ endpoint: Endpoint, _ data: JSON) -> AkoolError {
    AkoolError(
      .badResponse,
      "\(endpoint.method) \(endpoint.path): AKOOL reports success without a \(what) (data is \(data.typeName))",
      hint: "Call again; if it stays so, AKOOL has changed its answers: {\"raw\": true} shows them.", isRetryable: true)
  }
}
