internal import AkoolCore

/// One customer's account with its money.
struct Account {
  let uid: Int64
  let apiKey: String
  let clientID: String
  let clientSecret: String
  let initialCredit: Credit
  private(set) var credit: Credit
  private(set) var charged = Credit.zero
  private(set) var refunded = Credit.zero
  private var minute: Milliseconds = 0
  private var callsThisMinute: Int64 = 0

  init(_ options: AccountOptions) {
    uid = options.uid
    apiKey = options.apiKey
    clientID = options.clientID
    clientSecret = options.clientSecret
    initialCredit = options.credit
    credit = options.credit
  }

  mutating func charge(_ amount: Credit) {
    credit -= amount
    charged += amount
  }

  mutating func refund(_ amount: Credit) {
    credit += amount
    refunded += amount
  }

  /// Counts a call; false when there were too many in this minute.
  mutating func countCall(at time: Milliseconds, limit: Int64) -> Bool {
    if minute != time / 60_000 {
      minute = time / 60_000
      callsThisMinute = 0
    }
    callsThisMinute += 1
    return callsThisMinute <= limit
  }

  var json: JSON {
    [
      "uid": .integer(uid), "credit": credit.json, "initial_credit": initialCredit.json, "charged": charged.json,
      "refunded": refunded.json,
    ]
  }
}
