import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct VoiceTests {
  @Test(
    arguments: [
      (true, true), (false, false), (1, true), (2, false), ("1", true), ("2", false),
    ] as [(JSON, JSON)])
  func supportStreamIsTrueOrFalse(_ given: JSON, _ expected: JSON) throws {
    let test = try TestClient { _, _ in
      Answer.ok(["count": 1, "page": 1, "size": 10, "result": [["_id": "v", "support_stream": given, "status": 3]]])
    }
    let voice = try test.data("voice.list", ["type": "2"])["result"]?[0]
    #expect(voice?["support_stream"] == expected && voice?["state"] == "ready")
    try test.client.destroy()
  }

  @Test func unknownValuesPassThrough() throws {
    let voice: JSON = ["_id": "v", "support_stream": "perhaps", "status": 9, "brand_new": ["x"], "voice_id": .null]
    let test = try TestClient { _, _ in Answer.ok(voice) }
    #expect(try test.data("voice.detail", ["_id": "v"]) == voice)
    try test.client.destroy()
  }

  @Test func theOldListIsWrapped() throws {
    let test = try TestClient { _, _ in Answer.ok([["_id": "v", "accent": "en"]]) }
    #expect(try test.data("voice.list_v3") == ["result": [["_id": "v", "accent": "en"]]])
    try test.client.destroy()
  }

  @Test(arguments: ["a/b", "a?b", "é", "a b"]) func idsInPathsAreEncoded(_ id: String) throws {
    let test = try TestClient { _, _ in Answer.ok(["_id": "v"]) }
    _ = try test.data("voice.detail", ["_id": .string(id)])
    let last = test.log.all[0].url.split(separator: "/").last ?? ""
    #expect(last.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "?") } && last.hasPrefix(id == "é" ? "%C3" : "a%"))
    try test.client.destroy()
  }

  @Test func pathsOfTheGenericRequestTakeTheOperationsRules() throws {
    let test = try TestClient { _, _ in .fail(.broken, .maybeSent) }
    let tts: JSON = ["method": "POST", "path": "/api/open/v4/voice/tts", "body": ["input_text": "a", "voice_id": "v"]]
    #expect(try test.error("request", tts)["message"]?.string?.contains("voice.tts") == true)
    #expect(test.log.count == 0)
    let detail: JSON = ["method": "GET", "path": "/api/open/v4/voice/detail/v1"]
    #expect(try test.error("request", detail)["code"] == "UNAVAILABLE")
    #expect(test.log.count == 3)
    try test.client.destroy()
  }

  @Test(arguments: [["result": ["_id": "r", "status": 3]], ["_id": "r", "status": 3]] as [JSON])
  func recordingsHaveOneShape(_ data: JSON) throws {
    let test = try TestClient { _, _ in Answer.ok(data) }
    #expect(try test.data("voice.resource_detail", ["_id": "r"]) == ["_id": "r", "status": 3, "state": "ready"])
    try test.client.destroy()
  }

  @Test func aDeleteThatIsRefusedInPartSucceeds() throws {
    let data: JSON = ["successIds": ["a"], "noPermissionVoices": [["_id": "b", "msg": "no"]]]
    let test = try TestClient { _, _ in .json(["code": 1000, "msg": "Delete voice successfully", "data": data]) }
    #expect(try test.data("voice.delete", ["_ids": ["a", "b"]]) == data)
    try test.client.destroy()
  }

  /// What costs is not repeated, and a success without a record leaves open what happened.
  @Test(arguments: ["voice.tts", "voice.change", "voice.clone"]) func whatCostsIsSentOnce(_ name: String) throws {
    let test = try TestClient { _, number in number == 1 ? .fail(.broken, .maybeSent) : Answer.ok(.null) }
    let parameters: [String: JSON] = [
      "voice.tts": ["input_text": "a", "voice_id": "v"],
      "voice.change": ["voice_id": "v", "source_voice_file": "https://a.b/c"],
      "voice.clone": ["source_voice_file": "https://a.b/c"],
    ]
    for count in 1...2 {
      #expect(try test.error(name, parameters[name]!)["code"] == "OUTCOME_UNKNOWN")
      #expect(test.log.count == count)
    }
    try test.client.destroy()
  }

  @Test func languagesAreAListAsAllOthers() throws {
    let languages: JSON = [["lang_code": "en", "lang_name": "English"]]
    for data: JSON in [["lang_list": languages], languages, ["result": languages]] {
      let test = try TestClient { _, _ in Answer.ok(data) }
      #expect(try test.data("language.list") == ["result": languages])
      try test.client.destroy()
    }
  }
}
