import AkoolCore
import Testing

@testable import AkoolSimulator

@Suite struct RoomTests {
  private func talk(_ scene: Scene, _ id: String, _ frames: [String]) -> [JSON] {
    let answers = scene.admin("POST", "room", ["id": .string(id), "frames": .array(frames.map(JSON.string))])
    return (answers["frames"]?.array ?? []).map {
      (try? JSON.parse(serverBytes: Array(($0.string ?? "").utf8))) ?? .null
    }
  }

  private func chat(_ text: String, _ index: Int = 0, last: Bool = true, mid: String = "q") -> String {
    #"{"v":2,"type":"chat","mid":"\#(mid)","idx":\#(index),"fin":\#(last),"pld":{"text":"\#(text)"}}"#
  }

  @Test func answersWhatWasSaidOnce() throws {
    let scene = try Scene()
    let id = scene.open()
    #expect(talk(scene, id, [chat("lo", 1), chat("lo", 1)]).isEmpty)
    let answers = talk(scene, id, [chat("hel", last: false)])
    #expect(answers.first?["pld"]?["event"] == "audio_start" && answers.last?["pld"]?["event"] == "audio_end")
    #expect(answers[1]["pld"] == ["from": "bot", "text": "You said: hello"])
    #expect(answers[1]["mid"] != "q")
    #expect(talk(scene, id, [chat("hel", last: false), chat("lo", 1)]).isEmpty)
  }

  @Test func retellsInModeOne() throws {
    let scene = try Scene()
    let id = scene.createSession(["avatar_id": .string(Scene.avatar), "mode_type": 1]).text("/data/_id")
    #expect(talk(scene, id, [chat("hello")])[1]["pld"]?["text"] == "hello")
  }

  @Test func acknowledgesCommands() throws {
    let scene = try Scene()
    let id = scene.open()
    func command(_ rest: String) -> JSON? {
      talk(scene, id, [#"{"v":2,"type":"command","mid":"c","pld":{\#(rest)}}"#]).first
    }
    #expect(
      command(#""cmd":"set-params","data":{"mode":1}"#)?["pld"] == ["cmd": "set-params", "code": 1000, "msg": "OK"])
    #expect(command(#""cmd":"set-params","data":{"mode":9}"#)?["pld"]?["code"] == 1003)
    #expect(command(#""cmd":"interrupt""#)?["mid"] == "c")
    #expect(command(#""cmd":"dance""#)?["pld"]?["code"] == 1003)
    #expect(command(#""cmd":"interrupt","code":1000"#) == nil)
    #expect(talk(scene, id, [chat("hello")])[1]["pld"]?["text"] == "hello")
  }

  /// Sends a command to the room and returns the acknowledgement with the settings that hold then.
  private func command(_ scene: Scene, _ id: String, _ payload: JSON) -> (acknowledgement: JSON?, settings: JSON?) {
    let frame: JSON = ["v": 2, "type": "command", "mid": "c", "pld": payload]
    let answer = scene.admin("POST", "room", ["id": .string(id), "frames": [.string(frame.serialized())]])
    let text = answer["frames"]?[0]?.string
    return (text.flatMap { try? JSON.parse($0) }, answer["settings"])
  }

  @Test func setParams_holds_whenItIsAcknowledged() throws {
    let scene = try Scene()
    let id = scene.createSession([
      "avatar_id": .string(Scene.avatar), "language": "en", "voice_id": "v", "background_url": "https://example.com/a",
      "voice_params": ["speed": 1.1, "elevenlabs_settings": ["api_key": "hush"]],
    ]).text("/data/_id")
    let before = command(scene, id, ["cmd": "interrupt"]).settings
    #expect(
      before == [
        "mode": 2, "lang": "en", "bgurl": "https://example.com/a", "vparams": ["vid": "v", "speed": 1.1],
      ])
    let data: JSON = [
      "mode": 1, "lang": "", "bgurl": "https://example.com/b", "vid": "w",
      "vparams": ["stt_language": "de", "pron_map": ["akool": "ai ku er"], "turn_detection": ["threshold": 0.5]],
    ]
    let (acknowledgement, settings) = command(scene, id, ["cmd": "set-params", "data": data])
    #expect(acknowledgement?["pld"] == ["cmd": "set-params", "code": 1000, "msg": "OK"])
    #expect(
      settings == [
        "mode": 1, "lang": "en", "bgurl": "https://example.com/b",
        "vparams": [
          "vid": "w", "speed": 1.1, "stt_language": "de", "pron_map": ["akool": "ai ku er"],
          "turn_detection": ["threshold": 0.5],
        ],
      ])
    #expect(
      command(scene, id, ["cmd": "set-params", "data": ["vid": "x", "vparams": ["vid": "y"]]])
        .settings?["vparams"]?["vid"] == "y")
  }

  @Test(
    arguments: [
      ["mode": 9], ["mode": "1"], ["lang": 5], ["mode": 1, "lang": 5], ["mode": 1, "bgurl": []], ["vid": 1],
      ["vurl": true], ["mode": 1, "vparams": "fast"], ["vparams": ["vid": 1]], ["lang": "de", "vparams": ["speed": 9]],
      ["vparams": ["stt_type": "whisper"]], ["vparams": ["pron_map": ["a": 1]]],
      ["vparams": ["turn_detection": ["threshold": 2]]],
    ] as [JSON])
  func setParams_isRefusedAndChangesNothing_whenAValueIsWrong(data: JSON) throws {
    let scene = try Scene()
    let id = scene.open()
    let before = command(scene, id, ["cmd": "interrupt"]).settings
    let (acknowledgement, settings) = command(scene, id, ["cmd": "set-params", "data": data])
    let payload = acknowledgement?["pld"]
    #expect(payload?["cmd"] == "set-params" && payload?["code"] == 1003 && payload?["msg"] != "OK")
    #expect(settings == ["mode": 2] && settings == before)
  }

  /// The page has a sample with `params` in place of `data`, which cannot work.
  @Test(
    arguments: [
      ["cmd": "set-params"], ["cmd": "set-params", "params": ["mode": 1]], ["cmd": "set-params", "data": "mode"],
      ["cmd": "set-action", "data": ["action": "somersault"]], ["cmd": "set-action", "data": ["expression": "bored"]],
    ] as [JSON])
  func command_isRefused_withoutItsData(payload: JSON) throws {
    let scene = try Scene()
    #expect(command(scene, scene.open(), payload).acknowledgement?["pld"]?["code"] == 1003)
  }

  @Test func setAction_isAcknowledged_whenDocumented() throws {
    let scene = try Scene()
    let data: JSON = ["action": "hand_wave", "expression": "happiness"]
    let answer = command(scene, scene.open(), ["cmd": "set-action", "data": data]).acknowledgement
    #expect(answer?["pld"] == ["cmd": "set-action", "code": 1000, "msg": "OK"])
  }

  /// Samples of the page lack mid.
  @Test func command_isTaken_withoutMid() throws {
    let scene = try Scene()
    let id = scene.open()
    let frame = #"{"v":2,"type":"command","pld":{"cmd":"set-params","data":{"mode":1}}}"#
    #expect(
      talk(scene, id, [frame]) == [
        ["v": 2, "type": "command", "pld": ["cmd": "set-params", "code": 1000, "msg": "OK"]]
      ])
    #expect(talk(scene, id, [chat("hello")])[1]["pld"]?["text"] == "hello")
  }

  /// On a broadcast channel each participant receives all frames.
  @Test func frame_isIgnored_whenAnAvatarSentIt() throws {
    let scene = try Scene()
    let id = scene.open()
    let answers = talk(scene, id, [chat("hello")])
    #expect(!answers.isEmpty && talk(scene, id, answers.map { $0.serialized() }).isEmpty)
    let spoken = #"{"v":2,"type":"chat","mid":"u","idx":0,"fin":true,"pld":{"from":"user","text":"hello"}}"#
    #expect(talk(scene, id, [spoken]).isEmpty)
  }

  @Test(arguments: [("agora", 1024), ("trtc", 1024), ("livekit", 15_360)])
  func frame_isRefused_whenItIsTooLargeForTheRoom(transport: String, limit: Int) throws {
    let scene = try Scene()
    let id = scene.createSession(["avatar_id": .string(Scene.avatar), "stream_type": .string(transport)])
      .text("/data/_id")
    let rest = limit - chat("").utf8.count
    #expect(!talk(scene, id, [chat(String(repeating: "a", count: rest))]).isEmpty)
    let large: JSON = [.string(chat("a")), .string(chat(String(repeating: "a", count: rest + 1), mid: "r"))]
    let refused = scene.admin("POST", "room", ["id": .string(id), "frames": large])
    #expect(refused["code"] == 1003 && refused["msg"]?.string?.contains("\(limit)") == true)
    #expect(scene.admin("POST", "room", ["id": .string(id), "frames": "{}"])["code"] == 1003)
  }

  @Test func cutsCharactersAsAkoolDoes() throws {
    let scene = try Scene()
    let id = scene.createSession(["avatar_id": .string(Scene.avatar), "mode_type": 1, "stream_type": "livekit"]).text(
      "/data/_id")
    let text = String(repeating: "😀", count: 300)
    let answers =
      scene.admin("POST", "room", ["id": .string(id), "frames": [.string(chat(text))]])["frames"]?.array ?? []
    let frames = answers.compactMap(\.string).filter { $0.holds("\"chat\"") }
    #expect(frames.count > 2 && frames.allSatisfy { $0.utf8.count <= 950 })
    #expect(frames[0].holds(#"\ud83d"}"#) && frames[1].holds(#""text":"\ude00"#))
  }

  @Test func aSessionThatIsOverSaysNothing() throws {
    let scene = try Scene()
    let id = scene.open()
    scene.close(id)
    #expect(scene.admin("POST", "room", ["id": .string(id), "frames": []])["code"] == 1216)
  }

  @Test func joinsHalvesOfACharacterFromTwoFrames() throws {
    let scene = try Scene()
    let id = scene.createSession(["avatar_id": .string(Scene.avatar), "mode_type": 1]).text("/data/_id")
    let answers = talk(scene, id, [chat(#"a\ud83d"#, last: false), chat(#"\ude00b"#, 1)])
    #expect(answers.dropFirst().first?["pld"]?["text"] == "a😀b")
  }

  @Test func halfACharacterAloneIsReplaced() throws {
    let scene = try Scene()
    let id = scene.createSession(["avatar_id": .string(Scene.avatar), "mode_type": 1]).text("/data/_id")
    #expect(talk(scene, id, [chat(#"a\ud83d"#)])[1]["pld"]?["text"] == "a\u{FFFD}")
  }

  @Test func aPlaceThatNoMessageHasIsIgnored() throws {
    let scene = try Scene()
    let id = scene.open()
    #expect(talk(scene, id, [chat("z", Int.max), chat("z", 100_001)]).isEmpty)
    #expect(talk(scene, id, [chat("hello", mid: "r")])[1]["pld"]?["text"] == "You said: hello")
  }
}
