extension ClientCore {
  /// What `client.stats` returns.
  func stats() -> JSON {
    var object = service.statistics.json
    object["active_requests"] = .integer(Int64(active.count))
    object["transfers_running"] = .integer(Int64(service.connections.runningCount))
    object["transfers_waiting"] = .integer(Int64(service.connections.waitingCount))
    object["open_sessions"] = .integer(Int64(sessions.entries.count))
    object["closing_sessions"] = .integer(Int64(sessions.closings.count + sessions.orphanedCreates))
    object["lost_creates"] = .integer(Int64(reconciler.searches.count))
    object["watched_sessions"] = .integer(Int64(watcher.count))
    object["rate_limit_per_s"] = service.ordinaryRate.rate.map { .number(($0 * 10).rounded() / 10) }
    object["retry_budget"] = .integer(Int64(service.budget.available))
    object["longest_stall_ms"] = .number((Double(loop.stalls.longestNanoseconds) / 1000).rounded() / 1000)
    if let curl = service.transport as? CurlTransport { object["network"] = curl.figures }
    return .object(object)
  }
}
