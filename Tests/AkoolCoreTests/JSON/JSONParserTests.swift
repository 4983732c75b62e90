import AkoolCore
import Testing

@Suite struct JSONParserTests {
  @Test(
    arguments: [
      ("null", JSON.null), ("true", true), ("-0.5", .number(-0.5)), ("9223372036854775807", .integer(.max)),
      (#""é\n\u0041\ud83d\ude00""#, "é\nA😀"), ("[1,[2]]", [1, [2]]), (#"{"b":1,"a":{}}"#, ["b": 1, "a": [:]]),
      (#""a\u0000b""#, "a\0b"), ("1.1", .number(1.1)), ("  [ ]  ", []),
    ] as [(String, JSON)])
  func parses(_ text: String, _ expected: JSON) throws {
    #expect(try JSON.parse(text) == expected)
  }

  @Test func keepsTheOrderOfMembers() throws {
    #expect(try JSON.parse(#"{"z":1,"a":2,"m":3}"#).object?.keys == ["z", "a", "m"])
  }

  @Test(arguments: [
    ("", "empty"), ("{", "middle"), ("[1] x", "more text"), ("{'a':1}", "not valid"), ("[1,]", "not valid"),
    (#"{"a":1,"a":2}"#, "twice"), (#""\ud83d""#, "surrogate"), (#"{"\u0000":1}"#, "NUL"), ("nul", "not valid"),
  ])
  func refuses(_ text: String, _ reason: String) {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func refusesWhatIsNotUTF8() {
    #expect(throws: JSONError.self) { try JSON.parse(serverBytes: [0x22, 0xFF, 0x22]) }
    #expect(throws: JSONError.self) { try JSON.parse(serverBytes: [0x22, 0xC0, 0x80, 0x22]) }
  }

  @Test func limitsTheDepthWithoutRecursion() throws {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(try JSON.parse(deep) != .null)
    let error = #expect(throws: JSONError.self) { try JSON.parse("[" + deep + "]") }
    #expect(error?.message.contains("64") == true)
    #expect(throws: JSONError.self) { try JSON.parse(String(repeating: "[{\"a\":", count: 1_000_000)) }
  }

  @Test func takesFromAServerWhatItRefusesFromTheCaller() throws {
    #expect(try JSON.parse(serverBytes: Array(#"{"a":1,"a":2}"#.utf8)) == ["a": 2])
    #expect(
      try JSON.parse(serverBytes: Array(#"["\ud83d","\ude00x","\ud83d\ude00"]"#.utf8)) == [
        "\u{FFFD}", "\u{FFFD}x", "😀",
      ])
    #expect(try JSON.parse(serverBytes: [0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == [1])
  }

  @Test func bracketsInStringsAreNotDepth() throws {
    let text = "\"" + String(repeating: "[{\\\"", count: 1000) + "\""
    #expect(try JSON.parse(text).string?.count == 3000)
  }

  /// Whatever is generated, written and parsed again is the same.
  @Test func whatIsWrittenReadsBackTheSame() throws {
    var random = SeededGenerator(seed: 20_261_122)
    for _ in 0..<2_000 {
      let value = JSON.random(depth: 5, &random)
      #expect(try JSON.parse(value.serialized()) == value)
    }
  }

  /// Damaged text is refused or parsed, and never worse.
  @Test func survivesDamage() {
    var random = SeededGenerator(seed: 7)
    var refused = 0
    for _ in 0..<5_000 {
      var bytes = JSON.random(depth: 4, &random).serializedBytes()
      for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if (try? JSON.parse(serverBytes: bytes)) == nil { refused += 1 }
    }
    #expect(refused > 1_000)
  }
}
