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

  /// What a page of the list says of the sessions that are watched.
  struct Sight: Sendable {
    /// The watched sessions that were listed, here or before.
    private(set) var listed: Set<String>
    /// Those whose status may be another than before, the first one last.
    var changed: [JSONObject] = []
    /// Number of sessions of the page.
    let count: Int
    /// Number of sessions of the whole list, where AKOOL says so.
    let total: Int64?

    init(_ page: JSON, _ statuses: [String: Int8], _ listed: Set<String>) {
      self.listed = listed
      let sessions = page["result"]?.array ?? []
      count = sessions.count
      total = page["count"]?.integer
      for case .object(let session) in sessions {
        guard let id = session["_id"]?.string, let known = statuses[id] else { continue }
        self.listed.insert(id)
        if Normaliser.number(session["status"]) != Int64(known) { changed.append(session) }
      }
      changed.reverse()
    }
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
