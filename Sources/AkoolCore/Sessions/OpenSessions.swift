/// The sessions that this client has opened and not yet seen closed. Lives on the event loop.
final class OpenSessions {
  /// What the client knows of a session it opened.
  struct Entry {
    let id: String
    let avatarID: String
    let tag: String?
  }

  private(set) var entries: [String: Entry] = [:]
  /// Creates whose reply is still awaited, although nobody waits for the session any more.
  private(set) var orphanedCreates = 0

  var isEmpty: Bool { entries.isEmpty && orphanedCreates == 0 }

  func opened(_ entry: Entry) { entries[entry.id] = entry }

  @discardableResult
  func ended(_ id: String) -> Entry? { entries.removeValue(forKey: id) }

  func beginOrphan() { orphanedCreates += 1 }
  func endOrphan() { orphanedCreates -= 1 }
}
