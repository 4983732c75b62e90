/// All accounts of the service, found by uid, API key or client id.
struct Accounts {
  /// Each once, in the order of the options; the first is the one that most tests use.
  let uids: [Int64]
  private var byUID: [Int64: Account]
  private let uidByKey: [String: Int64]
  private let clients: [String: Client]

  private struct Client {
    let uid: Int64
    let secret: String
  }

  init(_ options: SimulatorOptions) {
    let all = [AccountOptions(mainOf: options)] + options.moreAccounts
    byUID = Dictionary(all.map { ($0.uid, Account($0)) }, uniquingKeysWith: { first, _ in first })
    let keys = all.map { ($0.apiKey, $0.uid) } + options.moreAPIKeys.map { ($0, options.uid) }
    uidByKey = Dictionary(keys, uniquingKeysWith: { first, _ in first })
    clients = Dictionary(
      all.map { ($0.clientID, Client(uid: $0.uid, secret: $0.clientSecret)) }, uniquingKeysWith: { first, _ in first })
    var known = Set<Int64>()
    uids = all.map(\.uid).filter { known.insert($0).inserted }
  }

  var mainUID: Int64 { uids.first ?? 0 }

  subscript(uid: Int64) -> Account? { byUID[uid] }

  func uid(apiKey: String) -> Int64? { uidByKey[apiKey] }

  func uid(clientID: String, secret: String) -> Int64? {
    guard let client = clients[clientID], client.secret == secret else { return nil }
    return client.uid
  }

  /// Changes an account; a uid without one is a stranger, whose money is none of ours.
  @discardableResult mutating func change<Result>(_ uid: Int64, _ body: (inout Account) -> Result) -> Result? {
    guard byUID[uid] != nil else { return nil }
    return byUID[uid].map { account in
      var account = account
      defer { byUID[uid] = account }
      return body(&account)
    }
  }
}

extension AccountOptions {
  /// The first account of the service.
  init(mainOf options: SimulatorOptions) {
    uid = options.uid
    apiKey = options.apiKey
    clientID = options.clientID
    clientSecret = options.clientSecret.isEmpty ? options.apiKey : options.clientSecret
    credit = options.credit
  }
}
