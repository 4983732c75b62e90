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

  @Test(arguments: [
    "&#97&#45&#107&#101&#121&#47&#119&#105&#116&#104&#43&#115&#105&#103&#110&#115&#61",
    "&#x61&#x2d&#x6b&#x65&#x79&#x2f&#x77&#x69&#x74&#x68&#x2b&#x73&#x69&#x67&#x6e&#x73&#x3d",
    #"\141\055\153\145\171\057\167\151\164\150\053\163\151\147\156\163\075"#,
    #"\u{61}\u{2d}\u{6b}\u{65}\u{79}\u{2f}\u{77}\u{69}\u{74}\u{68}\u{2b}\u{73}\u{69}\u{67}\u{6e}\u{73}\u{3d}"#,
    #"\a\-\k\e\y\/\w\i\t\h\+\s\i\g\n\s\="#,
    "0x61 0x2d 0x6b 0x65 0x79 0x2f 0x77 0x69 0x74 0x68 0x2b 0x73 0x69 0x67 0x6e 0x73 0x3d",
    "0x61, 0x2D, 0x6B, 0x65, 0x79, 0x2F, 0x77, 0x69, 0x74, 0x68, 0x2B, 0x73, 0x69, 0x67, 0x6E, 0x73, 0x3D",
    "0x61,0x2d,0x6b,0x65,0x79,0x2f,0x77,0x69,0x74,0x68,0x2b,0x73,0x69,0x67,0x6e,0x73,0x3d",
    "97, 45, 107, 101, 121, 47, 119, 105, 116, 104, 43, 115, 105, 103, 110, 115, 61",
    "97 45 107 101 121 47 119 105 116 104 43 115 105 103 110 115 61",
    "141 055 153 145 171 057 167 151 164 150 053 163 151 147 156 163 075",
    "=61=2D=6B=65=79=2F=77=69=74=68=2B=73=69=67=6E=73=3D",
    "a-key=2Fwi=\nth=2Bsigns=3D",
    "MEWWWZLZF53WS5DIFNZWSZ3OOM6Q====",
    "WVMxclpYa3ZkMmwwYUN0emFXZHVjejA9",
    "595331725a586b7664326c306143747a61576475637a303d",
    "NjEyZDZiNjU3OTJmNzc2OTc0NjgyYjczNjk2NzZlNzMzZA==",
    "36313264366236353739326637373639373436383262373336393637366537333364",
    "\u{FF41}\u{FF0D}\u{FF4B}\u{FF45}\u{FF59}\u{FF0F}\u{FF57}\u{FF49}\u{FF54}\u{FF48}",
    "\u{1D41A}-\u{1D424}\u{1D41E}\u{1D432}/\u{1D430}\u{1D422}\u{1D42D}\u{1D421}+signs=",
    "\u{1D68A}-\u{1D694}\u{1D68E}\u{1D6A2}/\u{1D6A0}\u{1D692}\u{1D69D}\u{1D691}+signs=",
    "a\u{301}-\u{301}k\u{301}e\u{301}y\u{301}/\u{301}w\u{301}i\u{301}t\u{301}h",
    "a\u{200D}-\u{200D}k\u{200D}e\u{200D}y\u{200D}/\u{200D}w\u{200D}i\u{200D}t\u{200D}h",
  ])
  func hidesTheKey_whenItIsEncoded(_ encoded: String) throws {
    let message = try message(of: "wrong \(encoded) key")
    #expect(message.contains("(\"wrong "))
    #expect(message.contains("[hidden]"))
    #expect(message.utf8.count < 110, "\(message)")
  }

  @Test(arguments: [
    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10", "[97, 45, 107, 101, 121]", "0x61 0x2d 0x6b", "id 612d6b65", "a = 3D, b=41",
    "MFRGGZDFMZTWQ2LK", "\u{FF21}\u{FF22}\u{FF23} caf\u{E9}", "\\101 and \\u{41}",
  ])
  func leavesTextAlone_whenItIsNoSecret(_ text: String) throws {
    #expect(try message(of: text).contains("(\"\(text)\")"))
  }

  @Test(
    arguments: [
      ["url": "https://me:first%2Fvault%2Bdoor@files.example/a.mp4"],
      ["url": "https://files.example/a.mp4?b=1&X-Amz-Signature=first%2Fvault%2Bdoor&c=2"],
      ["url": "https://files.example/a.mp4#access_token=first/vault+door"],
    ] as [JSON])
  func hidesPiecesOfSecretsInURLs(_ body: JSON) throws {
    let message = try message(
      of: "wrong first/va, ault+door of a.mp4", operation: "request", ["method": "POST", "path": "/x", "body": body])
    #expect(message.contains("wrong [hidden], [hidden] of a.mp4"), "\(message)")
  }

  @Test func hidesShortSecretsInEveryForm() throws {
    for form in ["s/cr+t", "s%2Fcr%2Bt", "0x73 0x2f 0x63 0x72 0x2b 0x74", "cy9jcit0"] {
      #expect(try message(of: "wrong \(form)", configuration: ["api_key": "s/cr+t"]).contains("[hidden]\")"))
    }
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
