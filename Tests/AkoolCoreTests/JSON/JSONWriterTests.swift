import Glibc
import Testing

@testable import AkoolCore

@Suite struct JSONWriterTests {
  @Test(
    arguments: [
      (JSON.number(1.1), "1.1"), (.number(0.1 + 0.2), "0.30000000000000004"), (.number(5e-324), "5e-324"),
      (.integer(.min), "-9223372036854775808"), (.integer(.max), "9223372036854775807"), (0, "0"), (-10, "-10"),
      (7, "7"), ("a\"\\\n\u{1}é/", #""a\"\\\n\u0001é/""#), ([], "[]"),
      (["a": [1, true, .null]], #"{"a":[1,true,null]}"#), (.number(.infinity), "null"), ("\u{7F}", "\"\u{7F}\""),
      (.decimal("1E400"), "1E400"), (.decimal("-18446744073709551616"), "-18446744073709551616"),
      (.decimal("1,2"), "null"), (.decimal(""), "null"), (.decimal("NaN"), "null"),
    ] as [(JSON, String)])
  func writes(_ value: JSON, _ expected: String) {
    #expect(value.serialized() == expected)
  }

  /// Escapes are found wherever they stand among the eight bytes that are looked at together.
  @Test func findsEveryEscapeAtEveryPlace() throws {
    for byte in UInt8(0)..<128 {
      for place in 0..<20 {
        let text = String(repeating: "é", count: place % 3) + String(repeating: "x", count: place)
        let value = JSON.string(text + String(UnicodeScalar(byte)) + "yyyyyyyyy")
        let written = value.serialized()
        #expect(try JSON.parse(written) == value)
        #expect(written.utf8.allSatisfy { $0 >= 0x20 })
      }
    }
  }

  /// A larger block is available later, but the text before it is lost.
  @Test func writer_failsForGood_whenMemoryWasExhaustedOnce() {
    var writer = JSONWriter(reserving: 8) { (65...1_000).contains($1) ? nil : realloc($0, $1) }
    writer.write(string: String(repeating: "x", count: 100))
    writer.write(string: String(repeating: "y", count: 5_000))
    writer.write(.array([1, .integer(.min), .number(0.5), .null, [:]]))
    let bytes = writer.bytes
    let text = writer.takeCString()
    #expect(bytes == nil)
    #expect(text == nil)
  }

  @Test func writer_hasNoResult_whenThereIsNoMemoryAtAll() {
    var writer = JSONWriter { _, _ in nil }
    writer.write(["a": [1, 2, "three"]])
    let bytes = writer.bytes
    let text = writer.takeCString()
    #expect(bytes == nil)
    #expect(text == nil)
  }

  @Test func writer_keepsEverything_whenTextOutgrowsItsMemory() throws {
    var writer = JSONWriter(reserving: 1)
    let value = JSON.array((0..<1_000).map { JSON.integer(Int64($0) * 1_000_003) })
    writer.write(value)
    let written = writer.bytes
    let bytes = try #require(written)
    #expect(try JSON.parse(serverBytes: bytes) == value)
  }
}
