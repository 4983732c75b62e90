/// The sessions that are watched. Lives on the event loop.
final class SessionWatcher {
  /// What was seen last: a status of AKOOL's, 0 before the first look. Nothing more, for there may be many.
  private(set) var statuses: [String: Int8] = [:]
  var isLooking = false
  /// Wakes the watcher that waits for its time.
  var pause: Scope?

  var isEmpty: Bool { statuses.isEmpty }
  var count: Int { statuses.count }

  func add(_ ids: [String]) {
    for id in ids where statuses[id] == nil { statuses[id] = 0 }
  }

  func remove(_ id: String) { statuses[id] = nil }
  func removeAll() { statuses = [:] }

  /// True when the status is another than before.
  func note(_ id: String, _ status: Int64) -> Bool {
    guard let known = statuses[id], let status = Int8(exactly: status), known != status else { return false }
    statuses[id] = status
    return true
  }
}
