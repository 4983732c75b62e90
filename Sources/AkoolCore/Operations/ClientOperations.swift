/// The operations on the client itself, and the one for everything that is not in the catalogue.
enum ClientOperations {
  static let all = [request, close, stats]

  static let request = Operation(
    "request", "Sends any request to the service, with the client's credentials, deadline and repeats.",
    parameters: [
      .required("method", .string(StringRule(minimumLength: 1, maximumLength: 16, form: .method)), "The HTTP method."),
      .required(
        "path", .string(StringRule(minimumLength: 1, maximumLength: 8_192, form: .path)),
        "The path, as /api/open/v3/language/list."),
      .optional("query", .object(ObjectSchema(isOpen: true)), "Parts of the query."),
      .optional("body", .any, "The JSON body."),
    ],
    result: .any, safety: .once, evidence: .documented("§0"),
    example: ["method": "GET", "path": "/api/open/v3/faceswap/quota/info"],
    check: GenericRequest.check,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.execute(GenericRequest.endpointRequest(parameters), call).data
    })

  static let close = Operation(
    "client.close", "Closes the client's sessions and ends its other requests, as destroying does, without blocking.",
    result: .object(
      ObjectSchema([
        .required("closed", .integer(minimum: 0), "How many sessions were seen closed."),
        .required("pending", .array(of: .string()), "The sessions that were not."),
      ])),
    evidence: .documented("libakool"),
    body: { client, call, _ async throws(AkoolError) -> JSON in await client.closeClient(call) })

  static let stats = Operation(
    "client.stats", "Tells what the client has done so far and what it is doing.",
    result: .object(ObjectSchema(isOpen: true)), evidence: .documented("libakool"),
    body: { client, _, _ async throws(AkoolError) -> JSON in client.stats() })
}
