internal import AkoolCore

extension SimulatedService {
  /// Who has paid what for which session. The totals are those of the first account.
  func books() -> JSON {
    var books = model.accounts[model.accounts.mainUID]?.json.object ?? JSONObject()
    books["now_ms"] = .integer(model.now)
    books["open_sessions"] = .integer(Int64(model.sessions.openCount))
    books["refund_pending"] = pendingRefunds().json
    books["accounts"] = .array(model.accounts.uids.compactMap { model.accounts[$0]?.json })
    books["sessions"] = .array(model.sessions.all.map(entry))
    books["recordings"] = .array(
      model.recordings.map { ["_id": .string($0.id), "uid": .integer($0.uid), "charged": $0.price.json] })
    books["avatars"] = .array(model.avatars.all.map(entry))
    return .object(books)
  }

  private func pendingRefunds() -> Credit {
    model.sessions.all.reduce(.zero) { $0 + ($1.uid == model.accounts.mainUID ? $1.refundPending : .zero) }
  }

  private func entry(_ session: Session) -> JSON {
    var object = JSONObject([
      ("_id", .string(session.id)), ("avatar_id", .string(session.avatarID)), ("uid", .integer(session.uid)),
      ("by", session.isForeign ? "foreign" : "client"), ("opened_at", .integer(session.openedAt)),
      ("duration", Self.seconds(session.duration)), ("status", .integer(session.status(at: model.now, model.options))),
      ("open", .bool(session.isOpen)),
    ])
    object["request"] = session.openingRequest.map(JSON.integer)
    object["close_requested_at"] = session.closeRequestedAt.map(JSON.integer)
    object["close_request"] = session.closingRequest.map(JSON.integer)
    object["closed_at"] = session.endedAt.map(JSON.integer)
    object["end_reason"] = session.endReason.map { .string($0.rawValue) }
    object["charged"] = session.charged.json
    object["refunded"] = session.refunded.json
    object["refund_pending"] = session.refundPending.json
    return .object(object)
  }

  private func entry(_ avatar: Avatar) -> JSON {
    [
      "_id": .string(avatar.id), "avatar_id": .string(avatar.avatarID), "uid": .integer(avatar.uid),
      "from": .integer(avatar.origin.rawValue), "status": .integer(model.status(avatar)),
      "open_sessions": .integer(Int64(avatar.sessions)), "occupied": .bool(model.isOccupied(avatar)),
    ]
  }

  private static func seconds(_ span: Milliseconds) -> JSON {
    span % 1000 == 0 ? .integer(span / 1000) : .number(Double(span) / 1000)
  }
}
