internal import AkoolCore

/// One account beyond the first, as the option `accounts` lists them.
struct AccountOptions: Sendable, Equatable {
  var uid: Int64
  var apiKey: String
  var clientID: String
  var clientSecret: String
  var credit: Credit

  static let keys: Set<String> = ["uid", "api_key", "client_id", "client_secret", "credit"]
}

extension AccountOptions {
  /// `uid` and `api_key` are required; the secret is the API key unless it is given, as at AKOOL.
  init?(_ json: JSON) {
    guard let object = json.object, Self.keys.isSuperset(of: object.keys),
      let uid = json["uid"]?.integer, uid > 0,
      let apiKey = json["api_key"]?.string, !apiKey.isEmpty
    else { return nil }
    let credit = json["credit"]?.double ?? 6000
    guard (0...1_000_000_000).contains(credit) else { return nil }
    self.uid = uid
    self.apiKey = apiKey
    clientID = json["client_id"]?.string ?? "SIMULATED-client-\(uid)"
    clientSecret = json["client_secret"]?.string ?? apiKey
    self.credit = Credit(credits: credit)
  }

  var json: JSON {
    [
      "uid": .integer(uid), "api_key": .string(apiKey), "client_id": .string(clientID),
      "client_secret": .string(clientSecret), "credit": credit.json,
    ]
  }
}

extension SimulatorOption.Coding where Value == [AccountOptions] {
  static var accounts: Self {
    Self(
      schema: [
        "type": "array", "items": ["type": "object", "required": ["uid", "api_key"]],
      ],
      expected: "an array of {uid, api_key, client_id?, client_secret?, credit?}",
      encode: { .array($0.map(\.json)) }
    ) { value in
      guard let elements = value.array else { return nil }
      let accounts = elements.compactMap(AccountOptions.init)
      return accounts.count == elements.count ? accounts : nil
    }
  }
}
