/// The creates of which nobody knows yet whether they opened a session. Lives on the event loop.
final class Reconciler {
  private(set) var searches: [LostCreate] = []
  var isScanning = false
  /// Wakes the scan that waits for its time.
  var pause: Scope?

  /// Whether no search is left that may still find something soon.
  var isSettled: Bool { searches.allSatisfy(\.hasVerdict) }

  func begin(_ search: LostCreate) {
    searches.append(search)
    pause?.interrupt(.cancelled)
  }

  func end(_ search: LostCreate) { searches.removeAll { $0 === search } }
}

/// A create whose reply is lost, and whose session is being looked for.
final class LostCreate {
  enum Verdict {
    /// There is no session of it, as far as can be known.
    case absent
    /// This one, in the caller's own room.
    case found(JSONObject)
    /// One of these may be of it, or one may still come.
    case uncertain([JSON])
  }

  var intent: LedgerIntent
  /// Set while the intent is dated by our own calendar: when it was made, on the clock since boot.
  var undatedSince: Instant?
  /// When nothing more must have appeared for it to count as not opened, on the clock since boot.
  let settledAt: Instant
  /// Until when a session of it may appear, on the clock since boot.
  let lookedForUntil: Instant
  /// Listed sessions that may be of it.
  var candidates: [String: JSON] = [:]
  var listedCandidates: [JSON] { candidates.keys.sorted().prefix(Self.mostCandidates).compactMap { candidates[$0] } }
  /// Most candidates that an error or event names: a server may list any number of sessions.
  static let mostCandidates = 100
  private(set) var hasVerdict = false
  /// Told once, while the caller of the create waits.
  private var onVerdict: ((Verdict) -> Void)?
  /// Calls that wait for the outcome; they do not receive the session.
  let watching = WaiterList<Void>()

  init(_ intent: LedgerIntent, now: Instant, settle: Int64, window: Int64) {
    self.intent = intent
    settledAt = now.adding(milliseconds: settle)
    lookedForUntil = now.adding(milliseconds: window)
  }

  var isAwaited: Bool { onVerdict != nil }

  func wait(_ resume: @escaping (Verdict) -> Void) { onVerdict = resume }
  func leave() { onVerdict = nil }

  func tell(_ verdict: Verdict) {
    hasVerdict = true
    onVerdict?(verdict)
    onVerdict = nil
    watching.resumeAll(())
  }
}

/// An open session as AKOOL lists it.
struct ListedSession {
  let id: String
  let object: JSONObject

  init?(_ object: JSONObject) {
    guard let id = object["_id"]?.string, !id.isEmpty else { return nil }
    self.id = id
    self.object = object
  }

  private var room: String? { object["credentials"]?.object.flatMap { RoomName.of($0) } }

  /// Whether a create may have opened it: by its room where both are known, and by the time in its id.
  func mayBe(of intent: LedgerIntent) -> Bool {
    if let own = intent.ownRoom, let room, room != own { return false }
    guard let created = ObjectID.creation(id) else { return true }
    // The time in an id has whole seconds.
    return created + 999 >= intent.from && created <= intent.until
  }

  /// Whether nobody but the caller can have opened it: it is in the room that the caller brought.
  func isCertainly(of intent: LedgerIntent) -> Bool {
    mayBe(of: intent) && intent.ownRoom != nil && room == intent.ownRoom
  }

  /// What the caller is told about a session that may be theirs.
  var candidate: JSON {
    var candidate: JSONObject = ["_id": .string(id)]
    candidate["created_at"] = ObjectID.creation(id).map(JSON.integer)
    candidate["status"] = Normaliser.number(object["status"]).map(JSON.integer)
    return .object(candidate)
  }
}
