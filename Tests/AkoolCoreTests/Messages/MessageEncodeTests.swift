import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct MessageEncodeTests {
  static let mid: JSON = "msg-1723629433573"

  private func encode(_ parameters: JSON) -> JSON {
    let reply = Client.callOffline("message.encode", .success(parameters), options: .success([:]))
    #expect(reply.result == .ok, "\(reply.json)")
    return reply.json["data"] ?? .null
  }

  private func error(_ parameters: JSON) -> String {
    let reply = Client.callOffline("message.encode", .success(parameters), options: .success([:]))
    #expect(reply.result == .invalidArgument)
    return reply.json["error"]?["message"]?.string ?? ""
  }

  private func chat(_ text: String, _ more: JSON = [:]) -> JSON {
    var parameters: JSONObject = ["transport": "agora", "type": "chat", "mid": Self.mid, "text": .string(text)]
    for (key, value) in more.object?.members ?? [] { parameters[key] = value }
    return encode(.object(parameters))
  }

  private func payloads(_ data: JSON) -> [String] { (data["chunks"]?.array ?? []).compactMap { $0["payload"]?.string } }

  // The vectors of docs/api/akool-api.md §6.8.

  @Test func vector1() {
    let data = chat("hello")
    let frame = #"{"v":2,"type":"chat","mid":"msg-1723629433573","idx":0,"fin":true,"pld":{"text":"hello"}}"#
    #expect(data["chunks"] == [["payload": .string(frame), "bytes": 89, "send_after_ms": 0]])
    #expect(data["mid"] == Self.mid)
  }

  @Test func vector2() {
    let payload = payloads(chat("He said \"hi\"\n\\ \u{01} é/\u{7F}"))[0]
    #expect(payload.hasSuffix(#""text":"He said \"hi\"\n\\ \u0001 é/"# + "\u{7F}\"}}"))
  }

  @Test func vector3() {
    let data = encode(["transport": "agora", "type": "interrupt", "mid": Self.mid])
    let frame = #"{"v":2,"type":"command","mid":"msg-1723629433573","pld":{"cmd":"interrupt"}}"#
    #expect(data["chunks"]?[0] == ["payload": .string(frame), "bytes": 76, "send_after_ms": 0])
  }

  @Test func vector4() {
    let data = encode([
      "transport": "agora", "type": "set-params", "mid": Self.mid,
      "data": [
        "lang": "en", "mode": 2, "bgurl": "https://example.com/bg.jpg",
        "vparams": [
          "vid": "iP95p4xoKVk53GoZ742B", "speed": 1.1, "stt_language": "en", "pron_map": ["akool": "ai ku er"],
          "stt_type": "openai_realtime",
          "turn_detection": [
            "type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300.0, "silence_duration_ms": 500,
          ],
        ],
      ],
    ])
    let frame =
      #"{"v":2,"type":"command","mid":"msg-1723629433573","pld":{"cmd":"set-params","data":{"lang":"en","mode":2,"#
      + #""bgurl":"https://example.com/bg.jpg","vparams":{"vid":"iP95p4xoKVk53GoZ742B","speed":1.1,"#
      + #""stt_language":"en","pron_map":{"akool":"ai ku er"},"stt_type":"openai_realtime","turn_detection":"#
      + #"{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":500}}}}}"#
    #expect(data["chunks"]?[0]?["payload"]?.string == frame && data["chunks"]?[0]?["bytes"] == 383)
  }

  @Test func vector5() {
    let data = encode([
      "transport": "trtc", "type": "set-action", "mid": Self.mid,
      "data": ["action": "hand_wave", "expression": "happiness"],
    ])
    #expect(
      payloads(data) == [
        #"{"v":2,"type":"command","mid":"msg-1723629433573","pld":{"cmd":"set-action","data":{"#
          + #""action":"hand_wave","expression":"happiness"}}}"#
      ])
  }

  // Chunks.

  private static let texts = [
    String(repeating: "a", count: 600), String(repeating: "你", count: 600), String(repeating: "😀", count: 300),
    "a" + String(repeating: "😀", count: 300), String(repeating: "\n", count: 500),
    String(repeating: "\u{01}", count: 500), String(repeating: "\"", count: 500),
    String(repeating: "é\u{301}👩‍👩‍👧", count: 200),
  ]

  /// Never above the limit, never fewer bytes than would have fitted, and together the text.
  private func check(_ text: String, _ data: JSON, limit: Int) {
    var whole = ""
    let payloads = payloads(data)
    var sizes: [Int] = []
    for (index, payload) in payloads.enumerated() {
      let frame = (try? JSON.parse(payload)) ?? .null
      #expect(frame["idx"] == .integer(Int64(index)) && frame["fin"] == .bool(index == payloads.count - 1))
      #expect(payload.utf8.count <= limit && data["chunks"]?[index]?["bytes"] == .integer(Int64(payload.utf8.count)))
      whole += frame["pld"]?["text"]?.string ?? ""
      sizes.append(payload.utf8.count)
    }
    #expect(whole == text && whole.unicodeScalars.elementsEqual(text.unicodeScalars))
    // A code point takes up to six bytes.
    #expect(sizes.dropLast().allSatisfy { $0 > limit - 6 })
  }

  @Test(arguments: texts, [89, 120, 950, 960, 1024])
  func chunksAreFullAndNeverTooLarge(_ text: String, _ limit: Int) {
    let limits: JSON = [
      "max_bytes": .integer(Int64(max(100, limit))), "bytes_per_second": 0,
    ]
    check(text, chat(text, ["limits": limits]), limit: max(100, limit))
  }

  @Test func anyTextInAnyChunks() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...400, using: &random) {
        let top: UInt32 = [0x80, 0x800, 0x1_0000, 0x11_0000].randomElement(using: &random) ?? 0x80
        if let scalar = Unicode.Scalar(UInt32.random(in: 0..<top, using: &random)) { text.append(scalar) }
      }
      guard !text.isEmpty else { continue }
      let limit = Int64.random(in: 100...1_500, using: &random)
      check(
        String(text), chat(String(text), ["limits": ["max_bytes": .integer(limit), "bytes_per_second": 0]]),
        limit: Int(limit))
    }
  }

  @Test func aChunkThatCannotHoldACharacterIsRefused() {
    let long = JSON.string(String(repeating: "m", count: 60))
    let message = error([
      "transport": "agora", "type": "chat", "mid": long, "text": "😀",
      "limits": ["max_bytes": 125, "bytes_per_second": 0],
    ])
    #expect(message.contains("leaves no room"))
  }

  @Test func commandsThatAreTooLongSayByHowMuch() {
    let words = JSONObject((0..<60).map { ("word number \($0)", JSON.string("said like this")) })
    let message = error([
      "transport": "agora", "type": "set-params", "mid": Self.mid, "data": ["vparams": ["pron_map": .object(words)]],
    ])
    let bytes = 2_141
    #expect(message.contains("has \(bytes) bytes, \(bytes - 950) more than the 950"), "\(message)")
  }

  // Rates.

  /// No second, wherever it begins, has more than is allowed.
  private func checkRates(_ sent: [(at: Int64, bytes: Int64)], bytes: Int64, frames: Int) {
    for (start, _) in sent {
      let second = sent.filter { $0.at >= start && $0.at < start + 1_000 }
      #expect(bytes == 0 || second.reduce(0) { $0 + $1.bytes } <= bytes)
      #expect(frames == 0 || second.count <= frames)
    }
  }

  @Test(arguments: [("agora", 6_000, 0), ("trtc", 7_680, 30), ("livekit", 5_760, 0)] as [(String, Int64, Int)])
  func ratesHoldAcrossTheMessagesOfAStream(_ transport: String, _ bytes: Int64, _ frames: Int) throws {
    let clock = ManualClock()
    let test = try TestClient(clock: clock) { _, _ in Answer.ok([:]) }
    var sent: [(at: Int64, bytes: Int64)] = []
    for number in 0..<12 {
      let parameters: JSON = [
        "transport": .string(transport), "type": "chat", "stream": "room",
        "text": .string(String(repeating: "a", count: number.isMultiple(of: 3) ? 3_000 : 10)),
      ]
      for chunk in try test.data("message.encode", parameters)["chunks"]?.array ?? [] {
        sent.append((chunk["send_after_ms"]?.integer ?? -1, chunk["bytes"]?.integer ?? 0))
      }
    }
    checkRates(sent, bytes: bytes, frames: frames)
    #expect(sent.map(\.at) == sent.map(\.at).sorted())
    try test.client.destroy()
  }

  @Test func idsAreNeverTheSame() {
    let ids = (0..<500).map { _ in encode(["transport": "agora", "type": "interrupt"])["mid"]?.string ?? "" }
    #expect(Set(ids).count == 500 && ids.allSatisfy { $0.hasPrefix("msg-1") })
  }

  // Faults.

  @Test(
    arguments: [
      (["transport": "agora", "type": "chat"], "text: is required"),
      (["transport": "agora", "type": "chat", "text": ""], "text: must not be empty"),
      (["transport": "agora", "type": "set-params"], "data: is required"),
      (["transport": "agora", "type": "interrupt", "text": "a"], "text: does not go with interrupt"),
      (["transport": "agora", "type": "set-params", "data": ["mode": 3]], "data.mode"),
      (["transport": "agora", "type": "set-params", "data": ["action": "nod"]], "data.action: does not go"),
      (["transport": "agora", "type": "set-action", "data": ["lang": "en"]], "data.lang: does not go"),
      (["transport": "agora", "type": "set-action", "data": ["action": "node"]], "did you mean \"nod\""),
      (["transport": "agora", "type": "set-params", "data": ["vparams": ["speed": 2]]], "data.vparams.speed"),
      (["transport": "zoom", "type": "interrupt"], "transport"), (["transport": "agora", "type": "shout"], "type"),
      (["transport": "agora", "type": "interrupt", "stream": "s"], "stream: needs a client"),
      (
        ["transport": "agora", "type": "interrupt", "limits": ["bytes_per_second": 100]],
        "limits.bytes_per_second: is 100, less than the 950 bytes of one frame"
      ),
    ] as [(JSON, String)])
  func saysWhatIsWrong(_ parameters: JSON, _ words: String) {
    let message = error(parameters)
    #expect(message.contains(words), "\(message)")
  }
}
