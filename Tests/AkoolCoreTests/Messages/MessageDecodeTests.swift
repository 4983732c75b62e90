import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct MessageDecodeTests {
  /// A conversation on a clock that stands still.
  private final class Room {
    let test: TestClient
    let clock = ManualClock()

    init() throws { test = try TestClient(clock: clock) { _, _ in Answer.ok([:]) } }

    func receive(_ payload: String?, _ more: JSON = [:]) throws -> [JSON] {
      var parameters: JSONObject = ["stream": "room"]
      parameters["payload"] = payload.map(JSON.string)
      for (key, value) in more.object?.members ?? [] { parameters[key] = value }
      return try test.data("message.decode", .object(parameters))["items"]?.array ?? []
    }

    deinit { try? test.client.destroy() }
  }

  private func frame(
    _ text: String, _ index: Int, last: Bool = false, mid: String = "m", from: String = "bot"
  ) -> String {
    let payload: JSON = ["from": .string(from), "text": .string(text)]
    return JSON.object(
      JSONObject([
        ("v", 2), ("type", "chat"), ("mid", .string(mid)), ("idx", .integer(Int64(index))), ("fin", .bool(last)),
        ("pld", payload),
      ])
    ).serialized()
  }

  @Test func theVectors() throws {
    let room = try Room()
    let first = try room.receive(
      #"{"v":2,"type":"chat","mid":"msg-1","idx":0,"fin":false,"pld":{"from":"bot","text":"Hello! "}}"#)
    #expect(first == [["kind": "chat", "from": "bot", "mid": "msg-1", "text": "Hello! ", "complete": false]])
    let second = try room.receive(
      #"{"v":2,"type":"chat","mid":"msg-1","idx":1,"fin":true,"pld":{"from":"bot","text":"How are you?"}}"#)
    #expect(second[0]["text"] == "How are you?" && second[0]["message"] == "Hello! How are you?")
    let ack = try room.receive(
      #"{"v":2,"type":"command","mid":"msg-2","pld":{"cmd":"set-params","code":1000,"msg":"OK"}}"#)
    #expect(
      ack == [
        [
          "kind": "ack", "mid": "msg-2", "cmd": "set-params", "code": 1000, "ok": true, "msg": "OK", "expected": false,
        ]
      ])
    let event = try room.receive(#"{"v":2,"type":"event","mid":"e-1","pld":{"event":"audio_start"}}"#)
    #expect(event == [["kind": "event", "event": "audio_start", "mid": "e-1"]])
  }

  @Test func framesMayComeInAnyOrderAndTwice() throws {
    let room = try Room()
    #expect(try room.receive(frame("c", 2, last: true))[0]["text"] == "")
    #expect(try room.receive(frame("a", 0))[0]["text"] == "a")
    #expect(try room.receive(frame("a", 0)) == [["kind": "duplicate", "from": "bot", "mid": "m", "idx": 0]])
    let done = try room.receive(frame("b", 1))[0]
    #expect(done["text"] == "bc" && done["message"] == "abc" && done["complete"] == true && done["gap"] == nil)
    #expect(try room.receive(frame("b", 1))[0]["kind"] == "duplicate")
  }

  @Test func bothSidesMayUseTheSameID() throws {
    let room = try Room()
    _ = try room.receive(frame("bot ", 0))
    _ = try room.receive(frame("user ", 0, from: "user"))
    #expect(try room.receive(frame("1", 1, last: true))[0]["message"] == "bot 1")
    #expect(try room.receive(frame("2", 1, last: true, from: "user"))[0]["message"] == "user 2")
  }

  @Test func halvesOfACharacterAreJoinedAcrossFrames() throws {
    let room = try Room()
    func raw(_ escape: String, _ index: Int, _ last: Bool) -> String {
      #"{"v":2,"type":"chat","mid":"m","idx":\#(index),"fin":\#(last),"pld":{"from":"bot","text":"\#(escape)"}}"#
    }
    #expect(try room.receive(raw(#"a\ud83d"#, 0, false))[0]["text"] == "a")
    let done = try room.receive(raw(#"\ude00b"#, 1, true))[0]
    #expect(done["text"] == "😀b" && done["message"] == "a😀b")
    // Halves that stay alone are replaced, and nothing else.
    let alone = #"{"v":2,"type":"chat","mid":"n","idx":0,"fin":true,"pld":{"text":"\ude00x\ud83d"}}"#
    #expect(try room.receive(alone)[0]["message"] == "\u{FFFD}x\u{FFFD}")
    // A text that uses the characters that stand in for halves is left alone.
    let odd = #"{"v":2,"type":"chat","mid":"o","idx":0,"fin":true,"pld":{"text":"\#u{10FFFF}\ud83d"}}"#
    #expect(try room.receive(odd)[0]["message"] == "\u{10FFFF}\u{FFFD}")
  }

  @Test func aGapThatDoesNotCloseIsSkipped() throws {
    let room = try Room()
    _ = try room.receive(frame("a", 0))
    #expect(try room.receive(frame("c", 2, last: true))[0]["text"] == "")
    room.clock.advance(milliseconds: 1_999)
    #expect(try room.receive(nil) == [])
    room.clock.advance(milliseconds: 1)
    let skipped = try room.receive(nil)[0]
    #expect(skipped["text"] == "c" && skipped["gap"] == true && skipped["message"] == "ac")
  }

  @Test func aMessageWithoutAnEndIsGivenUp() throws {
    let room = try Room()
    _ = try room.receive(frame("a", 0))
    room.clock.advance(milliseconds: 30_000)
    let end = try room.receive(nil)[0]
    #expect(end["complete"] == true && end["message"] == "a" && end["gap"] == true)
    #expect(try room.receive(nil) == [])
  }

  @Test func acknowledgementsAreMatchedAndMissed() throws {
    let room = try Room()
    func send(_ mid: String) throws {
      let parameters: JSON = [
        "transport": "agora", "type": "interrupt", "stream": "room", "mid": .string(mid), "ack_timeout_ms": 5_000,
      ]
      _ = try room.test.data("message.encode", parameters)
    }
    try send("one")
    try send("two")
    room.clock.advance(milliseconds: 700)
    let ack = try room.receive(
      #"{"v":2,"type":"command","mid":"one","pld":{"cmd":"interrupt","code":1003,"msg":"no"}}"#)
    #expect(ack[0]["expected"] == true && ack[0]["ok"] == false && ack[0]["after_ms"] == 700)
    room.clock.advance(milliseconds: 6_000)
    let missing = try room.receive(nil)
    #expect(missing.count == 1 && missing[0]["kind"] == "ack_missing" && missing[0]["mid"] == "two")
    #expect(try room.receive(nil) == [])
  }

  @Test(
    arguments: [
      "", "hello", "[]", "null", "{}", #"{"v":1,"type":"chat","pld":{"text":"a"}}"#, #"{"v":2,"type":"chat"}"#,
      #"{"v":2,"type":"song","pld":{}}"#, #"{"v":2,"type":"chat","pld":{}}"#, #"{"v":2,"type":"chat","pld":[]}"#,
      #"{"v":2,"type":"chat","idx":-1,"pld":{"text":"a"}}"#, #"{"v":2,"type":"chat","idx":1e9,"pld":{"text":"a"}}"#,
      #"{"v":{},"type":7,"pld":{"text":7}}"#,
    ])
  func whatIsUnknownIsReported(_ payload: String) throws {
    let items = try Room().receive(payload)
    #expect(items.count == 1 && items[0]["kind"] == "unknown" && items[0]["reason"]?.string?.isEmpty == false)
  }

  @Test func otherShapesAreRead() throws {
    let room = try Room()
    #expect(
      try room.receive(#"{"v":2,"type":"chat","mid":"a","idx":0,"pld":{"text":"x","fin":true}}"#)[0]["message"] == "x")
    #expect(try room.receive(#"{"v":"2","type":"chat","pld":{"text":"y"}}"#)[0]["message"] == "y")
    let command = try room.receive(#"{"v":2,"type":"command","mid":"c","pld":{"cmd":"interrupt"}}"#)
    #expect(command == [["kind": "command", "mid": "c", "cmd": "interrupt"]])
    #expect(try room.receive(nil, ["payload_base64": "bm90IGpzb24="])[0]["kind"] == "unknown")
  }

  /// Whatever is split, shuffled and repeated: the text comes out, and the pieces add up to it.
  @Test(arguments: ["agora", "livekit", "trtc"]) func anyOrderGivesTheText(_ transport: String) throws {
    var random = SeededGenerator(seed: 9)
    let room = try Room()
    let alphabet = Array("abc \n\"\\你好😀👩‍👩‍👧é".unicodeScalars)
    for round in 0..<20 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...3_000, using: &random) {
        text.append(alphabet.randomElement(using: &random) ?? "a")
      }
      let mid = JSON.string("m\(round)")
      let encoded = try room.test.data(
        "message.encode", ["transport": .string(transport), "type": "chat", "mid": mid, "text": .string(String(text))])
      var frames = (encoded["chunks"]?.array ?? []).compactMap { $0["payload"]?.string }
      frames += frames.filter { _ in Bool.random(using: &random) }
      frames.shuffle(using: &random)
      var (pieces, whole) = ("", "")
      for frame in frames {
        for item in try room.receive(frame) where item["kind"] == "chat" {
          pieces += item["text"]?.string ?? ""
          whole = item["message"]?.string ?? whole
        }
      }
      #expect(whole == String(text) && pieces == whole)
    }
  }

  /// A peer that begins messages and ends none cannot make a stream grow.
  @Test func memoryIsBounded() throws {
    let room = try Room()
    var dropped = 0
    for number in 0..<400 {
      let text = String(repeating: "x", count: 20_000)
      let items = try room.receive(frame(text, 0, mid: "m\(number)"))
      dropped += items.filter { $0["kind"] == "dropped" }.count
    }
    #expect(dropped >= 400 - 64)
    let far = (0..<2_000).map { frame("y", $0 + 1, mid: "gap") }
    let refused = try far.flatMap { try room.receive($0) }.filter { $0["kind"] == "unknown" }
    #expect(!refused.isEmpty)
  }

  /// Bytes of any kind are answered, never refused, and never end the process.
  @Test func anyBytesAreAnswered() throws {
    var random = SeededGenerator(seed: 21)
    let room = try Room()
    let seeds = [frame("hello", 0), frame("x", 1, last: true), #"{"v":2,"type":"event","pld":{"event":"a"}}"#]
    for _ in 0..<2_000 {
      var bytes = Array((seeds.randomElement(using: &random) ?? "").utf8)
      for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(try room.receive(text).count >= 1)
    }
  }
}
