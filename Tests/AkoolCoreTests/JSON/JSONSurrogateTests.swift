import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct JSONSurrogateTests {
  /// Pieces of a JSON string, with the UTF-16 that each one means.
  private static let pieces: [(text: String, units: [UInt16])] = [
    ("a", [0x61]), ("é", [0xE9]), ("😀", [0xD83D, 0xDE00]), ("\\n", [0x0A]), ("\\\\", [0x5C]), ("\\\"", [0x22]),
    ("\\u0041", [0x41]), ("\\ud83d", [0xD83D]), ("\\uDE00", [0xDE00]), ("\\ud83d\\ude00", [0xD83D, 0xDE00]),
    ("\\uDBFF", [0xDBFF]), ("\\udc00", [0xDC00]), ("\\u0000", [0]), ("ud83d", Array("ud83d".utf16)),
  ]

  @Test func text_hasReplacements_whenHalvesOfPairsAreRandom() throws {
    var random = SeededGenerator(seed: 35)
    for _ in 0..<5_000 {
      let chosen = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
        Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
      }
      let expected = String(decoding: chosen.flatMap(\.units), as: UTF16.self)
      let text = "[1e400,\"" + chosen.map(\.text).joined() + "\",[18446744073709551616]]"
      let parsed = try JSON.parse(serverBytes: Array(text.utf8))
      #expect(parsed == [.decimal("1e400"), .string(expected), [.decimal("18446744073709551616")]], "\(text)")
    }
  }

  @Test func text_isRepairedAtOnce_whenEveryCharacterIsAHalf() throws {
    let text = "\"" + String(repeating: "\\ud800", count: 300_000) + "\""
    let parsed = try JSON.parse(serverBytes: Array(text.utf8))
    #expect(parsed.string?.unicodeScalars.count == 300_000)
    #expect(parsed.string?.unicodeScalars.allSatisfy { $0 == "\u{FFFD}" } == true)
  }

  @Test func half_isRefusedWithItsPlace_whenCallerWroteIt() {
    let error = #expect(throws: JSONError.self) { try JSON.parse(#"[1e400,"x\ud83d"]"#) }
    #expect(error?.kind == .malformed)
    #expect(error?.offset == 9)
  }
}
