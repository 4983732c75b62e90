/// What credentials a request carries.
enum Authentication: Equatable {
  case none
  case apiKey(String)
  case bearer(String)
  /// An Authorization header of any other kind.
  case other

  /// An Authorization header that has a value is judged alone, whatever else there is.
  init(_ request: SimulatedRequest) {
    if let authorization = request.header("authorization"), !authorization.isEmpty {
      let parts = authorization.split(separator: " ", maxSplits: 1)
      self = parts.count == 2 && parts[0].lowercased() == "bearer" ? .bearer(String(parts[1])) : .other
    } else if let key = request.header("x-api-key"), !key.isEmpty {
      self = .apiKey(key)
    } else {
      self = .none
    }
  }

  /// For the request log, which never shows the secret itself.
  static func kind(_ request: SimulatedRequest) -> String {
    let hasKey = request.header("x-api-key").map { !$0.isEmpty } ?? false
    switch Authentication(request) {
    case .none: return "none"
    case .apiKey: return "api_key"
    case .bearer: return hasKey ? "bearer+api_key" : "bearer"
    case .other: return hasKey ? "other+api_key" : "other"
    }
  }
}

extension Model {
  /// The account that a request belongs to.
  func authenticate(_ request: SimulatedRequest) throws(Refusal) -> Int64 {
    let authentication = Authentication(request)
    guard let uid = try uid(authentication) else { throw Self.refusal(of: authentication) }
    if options.accountState == .banned { throw Refusal(1200, "the account has been banned") }
    return uid
  }

  private func uid(_ authentication: Authentication) throws(Refusal) -> Int64? {
    switch authentication {
    case .none: throw Refusal(1102, "authorization must not be empty")
    case .apiKey(let key): return accounts.uid(apiKey: key) ?? (tokens.isKnown(key) ? nil : stranger)
    case .bearer(let token):
      if tokens.isKnown(token) { return tokens.uid(token, at: now) }
      return accounts.uid(apiKey: token) == nil ? stranger : nil
    case .other: return nil
    }
  }

  private static func refusal(of authentication: Authentication) -> Refusal {
    guard case .apiKey = authentication else { return Refusal(1101, "invalid authorization") }
    return Refusal(
      1101,
      "invalid authorization: set the client's api_key to a key of the simulator's options (api_key, api_keys, accounts)"
    )
  }

  /// The account of credentials that none has.
  var stranger: Int64? { options.anyKey ? accounts.mainUID : nil }

  func limitRate(_ uid: Int64) throws(Refusal) {
    guard options.rateLimitPerMinute > 0 else { return }
    let limit = options.rateLimitPerMinute
    guard accounts.change(uid, { $0.countCall(at: now, limit: limit) }) == false else { return }
    throw Refusal(1005, "operating too frequently")
  }

  /// Refuses whatever costs to an account that may not spend.
  func requireSubscription() throws(Refusal) {
    switch options.accountState {
    case .unpaid: throw Refusal(1103, "payment is overdue")
    case .unsubscribed: throw Refusal(options.unsubscribedCode, "subscription required")
    case .active, .banned: break
    }
  }
}
