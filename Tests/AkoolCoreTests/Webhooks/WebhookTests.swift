import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct WebhookTests {
  private static let id = "dummyClientId0123456789="
  private static let plain: JSON = [
    "_id": "6698c9d69cf7b0d61d1b6420", "status": 3, "type": "avatar", "url": "https://example.com/r.mp4",
    "state": "ready",
  ]
  private static let stamp: Int64 = 1_710_757_981_609

  /// The vectors of docs/api/akool-api.md §5.
  private static let vectors: [(parameters: JSON, payload: JSON)] = [
    (
      parameters(
        id, "dummySecret0123456789abc", "1529", "80ac6abe16b94febf0c3a2d098ee54009d9aaa1e",
        "D+E7ZMLt+b8rYTQDP+YUJfXVJYTbz+SUDPDcT/TyWlwxIMBWM6aXh6Nbgl7VcY2Idef51SrTBoGmpgIy7ksINQlrX5zXdqXQa30whfxTpTbw"
          + "xi3FCLvDpU/os5lSQMzH"), plain
    ),
    (
      parameters(
        id, "dummySecret0123456789abcdefghijk", "1529", "65eedd2833545e3f04657f73f6a1194f8374d71a",
        "/2e+TAqQilnjaZg1j/Qp+Fe0kIfl0zFaM9+qJoBO6wGoSAczzWqdr8YMW60y5Mp9Sxa34CyFiuYTEi2r6XeYxqGNgPtOr/YpQBRWClwteTey"
          + "7XDviqbwy7/2xixrR5yz"), plain
    ),
    (
      parameters(
        "0123456789abcdef01234567", "dummySecret0123456789abc", "9", "eecc076b489df1ced6f2e6492884d62fc15a8707",
        "zJUgDZGbULoP5IZDdcTjGRuGphOZXZfWE1AsbUUF53VDGlvZF7q6h3fLtXfWMCti"),
      ["_id": "a", "status": 4, "type": "lipsync", "state": "failed"]
    ),
  ]

  private static func parameters(
    _ id: String, _ secret: String, _ nonce: String, _ signature: String, _ data: String
  ) -> JSON {
    [
      "client_id": .string(id), "client_secret": .string(secret),
      "body": [
        "signature": .string(signature), "dataEncrypt": .string(data), "timestamp": .integer(stamp),
        "nonce": .string(nonce),
      ],
    ]
  }

  private func verify(_ parameters: JSON) -> Reply {
    Client.callOffline("webhook.verify", .success(parameters), options: .success([:]))
  }

  private func changed(_ parameters: JSON, _ key: String, _ value: JSON?) -> JSON {
    var all = parameters.object ?? [:]
    var body = all["body"]?.object ?? [:]
    body[key] = value
    all["body"] = .object(body)
    return .object(all)
  }

  @Test(arguments: 0..<3) func theVectors(_ number: Int) {
    let vector = Self.vectors[number]
    #expect(verify(vector.parameters).json["data"] == ["payload": vector.payload, "timestamp": .integer(Self.stamp)])
    var text = vector.parameters.object ?? [:]
    text["body"] = .string(vector.parameters["body"]?.serialized() ?? "")
    #expect(verify(.object(text)).result == .ok)
    let number = Int64(vector.parameters["body"]?["nonce"]?.string ?? "")
    #expect(verify(changed(vector.parameters, "nonce", .integer(number ?? 0))).result == .ok)
    #expect(verify(changed(vector.parameters, "timestamp", .string("\(Self.stamp)"))).result == .ok)
  }

  /// Everything forged gets the very same error, whatever is wrong with it.
  @Test func allForgeriesLookTheSame() {
    let good = Self.vectors[0].parameters
    var errors = Set<String>()
    var count = 0
    func tryForgery(_ parameters: JSON) {
      let reply = verify(parameters)
      #expect(reply.result == .forbidden)
      errors.insert(reply.json["error"]?.serialized() ?? "")
      count += 1
    }
    let data = good["body"]?["dataEncrypt"]?.string ?? ""
    for place in stride(from: 0, to: data.count, by: 7) {
      var letters = Array(data)
      letters[place] = letters[place] == "A" ? "B" : "A"
      tryForgery(changed(good, "dataEncrypt", .string(String(letters))))
    }
    for key in ["signature", "dataEncrypt", "timestamp", "nonce"] {
      for value: JSON? in [nil, .null, "", "x", 7, 1.5, [], [:], "80ac6abe16b94febf0c3a2d098ee54009d9aaa1f"] {
        tryForgery(changed(good, key, value))
      }
    }
    var other = good.object ?? [:]
    for body: JSON in ["", "nothing", "[]", [:]] {
      other["body"] = body
      tryForgery(.object(other))
    }
    other = good.object ?? [:]
    other["client_secret"] = "dummySecret0123456789abd"
    tryForgery(.object(other))
    other["client_id"] = "somebodyElse"
    tryForgery(.object(other))
    #expect(errors.count == 1 && count > 50)
  }

  @Test func secretsOfOddLengthsAreTheCallersMistake() {
    var parameters = Self.vectors[0].parameters.object ?? [:]
    parameters["client_secret"] = "dummySecret0123456789ab"
    let error = verify(.object(parameters)).json["error"]
    #expect(error?["code"] == "INVALID_ARGUMENT")
    #expect(error?["message"]?.string?.contains("23 bytes") == true)
    #expect(error?.serialized().contains("dummySecret") == false)
    parameters["client_secret"] = nil
    #expect(verify(.object(parameters)).result == .invalidArgument)
  }

  @Test func oldAndRepeatedOnesCanBeRefused() throws {
    let clock = ManualClock()
    let test = try TestClient(clock: clock) { _, _ in Answer.ok([:]) }
    var parameters = Self.vectors[0].parameters.object ?? [:]
    parameters["max_age_ms"] = 1
    let stale = try test.error("webhook.verify", .object(parameters))
    #expect(stale["code"] == "FORBIDDEN" && stale["details"]?["reason"] == "stale")
    parameters["max_age_ms"] = nil
    parameters["reject_replays"] = true
    _ = try test.data("webhook.verify", .object(parameters))
    #expect(try test.error("webhook.verify", .object(parameters))["details"]?["reason"] == "replayed")
    #expect(verify(.object(parameters)).result == .invalidArgument, "without a client nothing is remembered")
    try test.client.destroy()
  }

  /// Id and secret may come from the configuration, where a key alone is the secret.
  @Test(arguments: ["client_secret", "api_key"]) func theClientsOwnPairIsUsed(_ name: String) throws {
    var configuration: JSONObject = ["client_id": .string(Self.id), "api_key": "another-key"]
    configuration[name] = "dummySecret0123456789abc"
    let test = try TestClient(.object(configuration)) { _, _ in Answer.ok([:]) }
    let body = Self.vectors[0].parameters["body"] ?? .null
    #expect(try test.data("webhook.verify", ["body": body])["payload"] == Self.plain)
    try test.client.destroy()
  }
}
