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

  @Test func cutsCharactersAsAkoolDoes() throws {
    let scene = try Scene()
    let id = scene.createSession(["avatar_id": .string(Scene.avatar), "mode_type": 1]).text("/data/_id")
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
