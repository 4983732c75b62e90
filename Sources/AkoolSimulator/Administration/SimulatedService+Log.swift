internal import AkoolCore

extension SimulatedService {
  /// The requests behind `since`, at most `limit`, of one `operation` if that is given.
  func requests(_ call: AdministrationCall) throws(AkoolError) -> JSON {
    let since = try call.number("since") ?? 0
    let limit = try call.number("limit") ?? Int64.max
    let operation = call.request.queryValue("operation")
    let lines = log.since(since).lazy.filter { operation == nil || $0.operation == operation }
    return [
      "count": .integer(log.count), "dropped": .integer(log.dropped),
      "by_operation": .object(JSONObject(log.countByOperation.sorted { $0.key < $1.key }.map { ($0, .integer($1)) })),
      "requests": .array(lines.prefix(Int(min(limit, 10_000_000))).map(\.json)),
    ]
  }
}
