import AkoolCore
import Testing

/// What AKOOL repeats in its sentences. The wider search, in all that the library says, is in Tests/canaries.
@Suite(.timeLimit(.minutes(1))) struct SecretsTests {
  private static let key = "a-key/with+signs="

  private func message(
    of sentence: String, configuration: JSON = ["api_key": .string(SecretsTests.key)],
    operation: String = "account.credit", _ parameters: JSON = [:], options: JSON = [:]
  ) throws -> String {
    let test = try TestClient(configuration) { _, _ in .json(["code": 1003, "msg": .string(sentence)]) }
    let reply = try test.client.call(operation, parameters, options: options)
    try test.client.destroy()
    return try #require(reply.json["error"]?["message"]?.string)
  }

  @Test(arguments: [
    (key, "[hidden]"),
    ("wrong: \(key)\(key), \(key)", "wrong: [hidden][hidden], [hidden]"),
    ("a-key%2Fwith%2Bsigns%3D is wrong", "[hidden] is wrong"),
    ("a-key/with+signs is cut", "[hidden] is cut"),
    ("a-key/w, a word", "a-key/w, a word"),
    ("A-KEY/WITH+SIGNS=", "[hidden]"),
    ("a-key/with\n +signs= in lines", "[hidden] in lines"),
    ("a-key%2fwith%2bsigns%3d, a-key%252Fwith%252Bsigns%253D", "[hidden], [hidden]"),
    ("a-key&#47;with&plus;signs&#x3D;!", "[hidden]!"),
    (#"a-key\/with\u002bsigns\u003D"#, "[hidden]"),
    ("612d6b65792f776974682b7369676e733d", "[hidden]"),
    ("IHg6IGEta2V5L3dpdGgrc2lnbnM9IQ==", "IHg6I[hidden]IQ=="),
    (
      "see https://me:pw@host.example/a?sig=1&b=2 or http://x/?y",
      "see https://[hidden]@host.example/a?[hidden] or http://x/?[hidden]"
    ),
    ("mail me@host.example, ask? https://host.example/a", "mail me@host.example, ask? https://host.example/a"),
    ("://", "://"),
  ])
  func hidesWhatAKOOLRepeats(_ sentence: String, _ shown: String) throws {
    #expect(try message(of: sentence).contains("(\"\(shown)\")"))
  }

  @Test func hidesASecretThatTheCutWouldDivide() throws {
    for length in 180..<201 {
      let message = try message(of: String(repeating: "x", count: length) + Self.key)
      #expect(!message.contains("xa-"), "after \(length) characters")
    }
  }

  @Test func hidesValuesByTheirNamesAtAnyDepth() throws {
    let body: JSON = [
      "list": [["apiKey": "first/vault"]], "user_sig": "second.chest", "Credentials": ["x": ["third:drawer"]],
      "note": "fourth,shelf",
    ]
    let message = try message(
      of: "first/vault second.chest third:drawer fourth,shelf fifth;cupboard sixth!casket seventh*locker",
      operation: "request",
      ["method": "POST", "path": "/x?a=sixth!casket", "query": ["token": "fifth;cupboard"], "body": body],
      options: ["headers": ["X-Any": "seventh*locker"]])
    #expect(message.contains("[hidden] [hidden] [hidden] fourth,shelf [hidden] [hidden] [hidden]"))
  }

  @Test func namesOfFieldsStayReadable() throws {
    let message = try message(
      of: "unused", configuration: ["api_key": "my-elevenlabs-key"], operation: "session.create",
      ["avatar_id": "a", "voice_params": ["elevenlabs_settings": ["stability": 2]]])
    #expect(message.contains("voice_params.elevenlabs_settings.stability"))
  }

  @Test func leavesShortValuesAndTheSimulatorsKeyAlone() throws {
    #expect(try message(of: "no key 12345", configuration: ["api_key": "12345"]).contains("no key 12345"))
    let message = try message(of: "the simulator", configuration: ["api_key": .null, "base_url": "simulator:"])
    #expect(message.contains("the simulator"))
  }

  private static let minted = ["first.mint.of.all", "another-token", "third+coined+one", "the_last_of_them"]

  @Test func hidesTheTokenThatWasRefused() throws {
    let test = try TestClient(["api_key": .null, "client_id": "the-id", "client_secret": "the-secret"]) {
      request, count in
      request.url.hasSuffix("/getToken")
        ? .json(["code": 1000, "token": .string(Self.minted[count % 4])])
        : .json(["code": 1101, "msg": .string(Self.minted.joined(separator: " and "))])
    }
    let message = try #require(try test.error("account.credit")["message"]?.string)
    #expect(message.components("[hidden]") == 2, "the one in use and the one before: \(message)")
    try test.client.destroy()
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(_ text: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: text) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
