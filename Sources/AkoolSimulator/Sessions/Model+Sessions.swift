internal import AkoolCore

extension Model {
  static let sessionRoutes: [Route] = [
    Route("POST", "/api/open/v4/liveAvatar/session/create", "session.create") { (model, call) throws(Refusal) in
      try model.createSession(call)
    },
    Route("GET", "/api/open/v4/liveAvatar/session/detail", "session.detail") { (model, call) throws(Refusal) in
      try model.sessionDetail(call)
    },
    Route("POST", "/api/open/v4/liveAvatar/session/close", "session.close") { (model, call) throws(Refusal) in
      try model.closeSession(call)
    },
    Route("GET", "/api/open/v4/liveAvatar/session/list", "session.list") { (model, call) throws(Refusal) in
      try model.sessionList(call)
    },
  ]

  func unknownSession() -> Refusal { Refusal(options.unknownSessionCode, "the session does not exist") }

  /// A session as answers show it.
  ///
  /// - Parameter isNew: in the answer of session/create, which always has the room token.
  func json(_ session: Session, asOf time: Milliseconds, isNew: Bool = false) -> JSON {
    let status = session.status(at: time, options)
    var object = JSONObject([
      ("_id", .string(session.id)), ("uid", .integer(session.uid)), ("type", 1), ("status", .integer(status)),
    ])
    if options.streamTypeAnswered { object["stream_type"] = .string(session.credentials.streamType.rawValue) }
    if isShowingCredentials(session, status) {
      object[options.credentialsName.rawValue] = session.credentials.json(
        options, withToken: isNew || options.detailShowsJoinToken)
    }
    return .object(object)
  }

  private func isShowingCredentials(_ session: Session, _ status: Int64) -> Bool {
    if session.credentials.isOwn, !options.ownCredentialsEchoed { return false }
    return status < 3 || options.endedSessionsShowCredentials
  }

  private func sessionDetail(_ call: Call) throws(Refusal) -> Answer {
    let id = try call.required("id")
    guard let index = sessions.index(id: id, uid: call.uid) else { throw unknownSession() }
    return Answer(json(sessions[index], asOf: now), subject: id)
  }

  private func sessionList(_ call: Call) throws(Refusal) -> Answer {
    let cap = options.listSizeCap > 0 ? Int(options.listSizeCap) : Int.max
    let page = try Page(call, size: 1...Int.max, defaultSize: 100, cap: cap)
    let status = try call.integer("status", 1...4)
    let time = now - .seconds(options.listLagSeconds)
    let matches = sessionsInOrder(call.uid, asOf: time).filter { session in
      status.map { session.status(at: time, options) == $0 } ?? true
    }
    let shown = page.slice(of: matches)
    let result = JSON.array(shown.map { json($0, asOf: time) })
    return Answer(listData(result, count: max(0, matches.count + Int(options.listCountOffset))))
  }

  private func sessionsInOrder(_ uid: Int64, asOf time: Milliseconds) -> [Session] {
    var sessions = sessions.opened(by: uid, until: time)[...]
    if options.listNewestOnly > 0 { sessions = sessions.suffix(Int(options.listNewestOnly)) }
    return options.sessionListOrder == .newestFirst ? sessions.reversed() : Array(sessions)
  }

  private func listData(_ result: JSON, count: Int) -> JSON {
    switch options.sessionListShape {
    case .result: return ["count": .integer(Int64(count)), "result": result]
    case .data: return ["count": .integer(Int64(count)), "data": result]
    case .array: return result
    }
  }
}
