/// The operations on the client itself, and the one for everything that is not in the catalogue.
enum ClientOperations {
  static let all = [request, close, stats]

  static let request = Operation(
    "request", "Sends any request to the service, with the client's credentials, deadline and repeats.",
    parameters: [
      .required("method", .string(StringRule(minimumLength: 1, maximumLength: 16, form: .method)), "The HTTP method."),
      .required(
        "path", .string(StringRule(minimumLength: 1, maximumLength: 4_096, form: .path)),
        "The path, as /api/open/v3/language/list."),
      .optional("query", .object(ObjectSchema(isOpen: true)), "Parts of the query."),
      .optional("body", .any, "The JSON body."),
    ],
    result: .any, safety: .once, evidence: .documented("§0"),
    example: ["method": "GET", "path": "/api/open/v3/faceswap/quota/info"],
    check: GenericRequest.check,
    request: GenericRequest.endpointRequest, judge: GenericRequest.judge,
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.service.send(call.endpointRequest(), call).data
    })

  static let close = Operation(
    "client.close", "Closes the client's sessions and ends its other requests, as destroying does, without blocking.",
    result: .object(
      ObjectSchema([
        .required("closed", .integer(minimum: 0), "How many sessions were seen closed."),
        .required("pending", .array(of: .text), "The sessions that were not."),
      ])),
    evidence: .documented("libakool"),
    body: { client, call, _ async throws(AkoolError) -> JSON in await client.closeClient(call) })

  static let stats = Operation(
    "client.stats", "Tells what the client has done so far and what it is doing.",
    result: .object(statistics), evidence: .documented("libakool"),
    body: { client, _, _ async throws(AkoolError) -> JSON in client.stats() })

  private static let count = Schema.integer(minimum: 0)
  private static let time = Schema.number(minimum: 0)

  private static let statistics = ObjectSchema([
    .required("calls", count, "Calls that have ended."),
    .required("attempts", count, "Requests that were sent for them, and in the background."),
    .required("results", .map(of: count), "How many calls ended with each result, by its name."),
    .required("retries", .map(of: count), "How many repeats each reason has led to."),
    .required(
      "latency_ms", .map(of: .map(of: time)),
      "Times of calls by operation, {count, p50, p90, p99, max}; percentiles within 19 %."),
    .required("active_requests", count, "Calls that run now, this one included."),
    .required("transfers_running", count, "Requests that are out now."),
    .required("transfers_waiting", count, "Requests that wait for a free place."),
    .required("open_sessions", count, "Sessions that the client has open."),
    .required("closing_sessions", count, "Sessions that it closes in the background."),
    .required("lost_creates", count, "Creates without a reply whose session it looks for."),
    .required("watched_sessions", count, "Sessions that it watches."),
    .optional("rate_limit_per_s", time, "Requests per second while AKOOL wants fewer; absent when it does not."),
    .required("retry_budget", count, "What may be spent on repeats; each costs some, each success brings some back."),
    .required("longest_stall_ms", time, "The longest time that the client's loop was busy with one thing."),
    .optional(
      "network",
      .object(
        ObjectSchema([
          .required("open_connections", count, "Connections that are open now."),
          .required("connections_made", count, "Connections that were made."),
          .required("bytes_sent", count, "Headers and bodies that were sent."),
          .required("bytes_received", count, "Headers and bodies that came."),
        ])), "Absent with the simulator in process."),
  ])
}
