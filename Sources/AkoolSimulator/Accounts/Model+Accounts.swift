internal import AkoolCore

extension Model {
  static let accountRoutes: [Route] = [
    Route("POST", "/api/open/v3/getToken", "auth.token", isProtected: false) { (model, call) throws(Refusal) in
      try model.token(call)
    },
    Route("GET", "/api/open/v3/faceswap/quota/info", "account.credit") { (model, call) throws(Refusal) in
      Answer(["credit": model.accounts[call.uid]?.credit.json ?? 0])
    },
  ]

  private func token(_ call: Call) throws(Refusal) -> Answer {
    let fields = try call.fields()
    let client = try fields.requiredText("clientId")
    let secret = try fields.requiredText("clientSecret")
    guard let uid = accounts.uid(clientID: client, secret: secret) ?? stranger else {
      throw Refusal(options.wrongSecretCode, "invalid clientId or clientSecret")
    }
    if options.accountState == .banned { throw Refusal(1200, "the account has been banned") }
    return answer(token: makeToken(uid))
  }

  private func answer(token: String) -> Answer {
    var answer = Answer()
    answer.top = JSONObject()
    if options.tokenPlace != .data { answer.top?["token"] = .string(token) }
    if options.tokenPlace != .top { answer.top?["data"] = ["token": .string(token)] }
    return answer
  }

  private func makeToken(_ uid: Int64) -> String {
    let issued = now / 1000
    let claims: JSON = [
      "id": .string(ids.next(at: now)), "uid": .integer(uid), "email": "simulated@example.com",
      "firstName": "SIMULATED", "type": "user", "from": "toO", "credentialId": .string(ids.next(at: now)),
      "iat": .integer(issued), "exp": .integer(issued + options.tokenLifetimeSeconds),
    ]
    let token = JSONWebToken.text(claims: claims, &random)
    tokens.add(token, uid: uid, expiry: .seconds(issued + options.tokenLifetimeSeconds))
    return token
  }
}
