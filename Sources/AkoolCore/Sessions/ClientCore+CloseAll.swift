/// `session.close_all`.
extension ClientCore {
  func closeAll(_ scope: String, _ ids: [String]?, _ call: CallContext) async throws(AkoolError) -> JSON {
    switch scope {
    case "mine": return await close(all: sessions.entries.keys.sorted(), call)
    case "ledger":
      let account = account
      let known = try await ledger(call) { (ledger) throws(AkoolError) in try ledger.openSessions(account) }
      return await close(all: known.map(\.id), call)
    default:
      if let ids { return await close(all: ids, call) }
      return ["would_close": .array(try await listOpenSessions(call).map(\.candidate))]
    }
  }

  private func close(all ids: [String], _ call: CallContext) async -> JSON {
    var (closed, pending) = ([JSON](), [JSON]())
    for closing in ids.map({ beginClosing($0, .closed) }) {
      let id = JSON.string(closing.id)
      if await isSeenClosed(closing, call) { closed.append(id) } else { pending.append(id) }
    }
    return ["closed": .array(closed), "pending": .array(pending)]
  }
}
