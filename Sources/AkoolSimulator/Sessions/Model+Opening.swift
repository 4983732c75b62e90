internal import AkoolCore

extension Model {
  /// Who opens a session, and what is to become of it.
  struct Opening {
    var uid: Int64
    var isForeign = false
    var request: Int64?
    var failsAfter: Milliseconds?
  }

  func createSession(_ call: Call) throws(Refusal) -> Answer {
    let parameters = try SessionParameters(call.fields(), options)
    let opening = Opening(uid: call.uid, request: call.number, failsAfter: call.fault?.sessionFailsAfter)
    let session = try open(parameters, opening)
    return Answer(json(session, asOf: now, isNew: true), subject: session.id)
  }

  /// Opens and charges a session, or refuses to.
  func open(_ parameters: SessionParameters, _ opening: Opening) throws(Refusal) -> Session {
    try requireSubscription()
    try requireKnowledge(parameters.knowledgeID, opening.uid)
    try requireReady(parameters.avatarID, opening.uid)
    let price = options.creditPerSecond.price(of: parameters.duration)
    try requireRoom(opening.uid, price)
    let session = newSession(parameters, opening, price)
    accounts.change(opening.uid) { $0.charge(price) }
    avatars.occupy(session.avatarID)
    let index = sessions.add(session)
    agenda.add(.expire(index), at: session.expiresAt)
    if let span = opening.failsAfter { agenda.add(.fail(index), at: now + span) }
    return session
  }

  private func requireReady(_ avatarID: String, _ uid: Int64) throws(Refusal) {
    guard let avatar = avatars.avatar(avatarID: avatarID), avatar.isVisible(to: uid), avatar.type == 2,
      avatar.platform == "open"
    else { throw unknownAvatar() }
    switch status(avatar) {
    case 3: break
    case 4: throw Refusal(options.avatarFailedCode, "the avatar could not be processed")
    default: throw Refusal(options.avatarNotReadyCode, "the avatar is in processing")
    }
    if isOccupied(avatar) { throw Refusal(options.busyCode, "the avatar is busy") }
  }

  private func requireKnowledge(_ id: String?, _ uid: Int64) throws(Refusal) {
    guard let id, !options.unknownKnowledgeAccepted else { return }
    guard let index = knowledge.index(id: id), knowledge.all[index].isVisible(to: uid) else { throw unknownKnowledge() }
  }

  /// Strangers have neither limit nor credit here.
  private func requireRoom(_ uid: Int64, _ price: Credit) throws(Refusal) {
    guard let account = accounts[uid] else { return }
    if options.concurrencyLimit > 0, sessions.openCount(uid) >= options.concurrencyLimit {
      throw Refusal(options.concurrencyLimitCode, "too many sessions at a time")
    }
    if account.credit < price { throw Refusal(options.insufficientCreditCode, "credit balance is insufficient") }
  }

  private func newSession(_ parameters: SessionParameters, _ opening: Opening, _ price: Credit) -> Session {
    let id = ids.next(at: now + .seconds(options.idOffsetSeconds))
    let expiry = now + .seconds(options.joinTokenLifetimeSeconds)
    let credentials =
      parameters.ownCredentials
      ?? JoinCredentials(room: id, parameters.streamType, expiry: expiry, &random)
    return Session(
      id: id, uid: opening.uid, avatarID: parameters.avatarID, duration: parameters.duration,
      settings: parameters.settings, openedAt: now, credentials: credentials, isForeign: opening.isForeign,
      openingRequest: opening.request,
      rate: options.creditPerSecond, charged: price)
  }
}
