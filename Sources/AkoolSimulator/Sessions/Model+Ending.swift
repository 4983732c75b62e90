internal import AkoolCore

extension Model {
  func closeSession(_ call: Call) throws(Refusal) -> Answer {
    let id = try closedID(call.fields())
    guard let index = sessions.index(id: id, uid: call.uid) else { throw unknownSession() }
    guard sessions[index].isOpen else { return try answerToClosingAgain(sessions[index]) }
    guard options.closesWhileQueueing || sessions[index].hasBegun(at: now, options) else { return closed(id) }
    startClosing(index, .closed, request: call.number)
    return closed(id)
  }

  private func closedID(_ fields: Fields) throws(Refusal) -> String {
    if options.closeAcceptsSessionID, fields.value("id") == nil, let id = try fields.text("session_id") { return id }
    return try fields.requiredText("id")
  }

  private func answerToClosingAgain(_ session: Session) throws(Refusal) -> Answer {
    guard options.closeEndedCode == 1000 else { throw Refusal(options.closeEndedCode, "the session has been closed") }
    return closed(session.id, at: session.endedAt)
  }

  private func closed(_ id: String, at time: Milliseconds? = nil) -> Answer {
    switch options.closeReply {
    case .bare: return Answer(subject: id)
    case .null: return Answer(.null, subject: id)
    case .data:
      return Answer(["session_id": .string(id), "status": "closed", "closed_at": .integer(time ?? now)], subject: id)
    }
  }

  /// Closes at once, or after the time that closing takes. A second close of a session that is closing is a
  /// success without effect.
  func startClosing(_ index: Int, _ reason: Session.EndReason, request: Int64?) {
    guard sessions[index].closeRequestedAt == nil else { return }
    sessions.change(index) { session in
      session.closeRequestedAt = now
      session.closingRequest = request
    }
    if options.closeSeconds == 0 {
      end(index, reason)
    } else {
      agenda.add(.finishClosing(index, reason), at: now + .seconds(options.closeSeconds))
    }
  }

  /// Ends a session that is still open, frees its avatar and gives back what it did not use.
  func end(_ index: Int, _ reason: Session.EndReason) {
    guard sessions[index].isOpen else { return }
    sessions.end(index, at: now, reason)
    avatars.release(sessions[index].avatarID, busyUntil: now + .seconds(options.busyAfterCloseSeconds))
    let refund = unused(sessions[index])
    sessions.change(index) { $0.refundDue = refund }
    if options.refundDelaySeconds == 0 {
      payRefund(index)
    } else if refund > .zero {
      agenda.add(.refund(index), at: now + .seconds(options.refundDelaySeconds))
    }
  }

  private func unused(_ session: Session) -> Credit {
    let unit = Milliseconds.seconds(options.billingUnitSeconds)
    let used = (now - session.openedAt + unit - 1) / unit * unit
    guard used < session.duration else { return .zero }
    return max(.zero, session.charged - session.rate.price(of: used))
  }

  func payRefund(_ index: Int) {
    let amount = sessions[index].refundPending
    sessions.change(index) { $0.refunded += amount }
    accounts.change(sessions[index].uid) { $0.refund(amount) }
  }
}
