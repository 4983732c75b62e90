/// The sessions that are in this client's care: those it opened or took over, until they are seen to be over. Lives
/// on the event loop.
final class OpenSessions {
  private(set) var entries: [String: OpenSession] = [:]
  /// Creates that go on, although nobody waits for their session any more.
  private(set) var orphanedCreates = 0
  /// Sessions that are being closed.
  var closings: [String: SessionClosing] = [:]
  /// Runs out when something is to be done for a session.
  var timer: LoopTimer?

  var isEmpty: Bool { entries.isEmpty && orphanedCreates == 0 && closings.isEmpty }

  func opened(_ entry: OpenSession) { entries[entry.id] = entry }

  @discardableResult
  func ended(_ id: String) -> OpenSession? { entries.removeValue(forKey: id) }

  func change(_ id: String, _ change: (inout OpenSession) -> Void) {
    guard var entry = entries[id] else { return }
    change(&entry)
    entries[id] = entry
  }

  func beginOrphan() { orphanedCreates += 1 }
  func endOrphan() { orphanedCreates -= 1 }
}

/// A session in this client's care.
struct OpenSession {
  var record: LedgerSession
  /// When it was seen last that somebody is there, on the clock since boot.
  var lastHeartbeat: Instant
  /// Whether the ledger is being asked for heartbeats that other programs have sent.
  var isLapsing = false
  /// What it was created with, if this client created it.
  var creation: JSONObject?
  /// What follows it.
  var handover: HandoverPlan?
  /// Seconds before the end of which was already warned.
  var warnedAt: Int64 = .max

  var id: String { record.id }
  var avatarID: String { record.avatarID }
  var tag: String? { record.tag }
  var paidUntil: Int64 { record.paidUntil }

  /// When it counts as abandoned, on the clock since boot.
  var heartbeatLapse: Instant? {
    guard !isLapsing, let timeout = record.heartbeatTimeout else { return nil }
    return lastHeartbeat.adding(milliseconds: timeout)
  }

  /// One that AKOOL has just opened.
  init(
    id: String, plan: SessionPlan, intent: String, owner: String, account: String, openedAt: Int64, now: Instant
  ) {
    record = LedgerSession(
      id: id, intent: intent, owner: owner, account: account, avatarID: plan.avatarID, tag: plan.tag,
      openedAt: openedAt, duration: plan.duration, heartbeatTimeout: plan.heartbeatTimeout, lastHeartbeat: openedAt)
    lastHeartbeat = now
    creation = plan.given
  }

  /// One that the ledger knows.
  init(_ record: LedgerSession, lastHeartbeat: Instant) {
    self.record = record
    self.lastHeartbeat = lastHeartbeat
  }
}
