import AkoolCore
import Testing

@Suite struct JSONWriterTests {
  @Test(
    arguments: [
      (JSON.number(1.1), "1.1"), (.number(0.1 + 0.2), "0.30000000000000004"), (.number(5e-324), "5e-324"),
      (.integer(.min), "-9223372036854775808"), (.integer(.max), "9223372036854775807"), (0, "0"), (-10, "-10"),
      (7, "7"), ("a\"\\\n\u{1}é/", #""a\"\\\n\u0001é/""#), ([], "[]"),
      (["a": [1, true, .null]], #"{"a":[1,true,null]}"#), (.number(.infinity), "null"), ("\u{7F}", "\"\u{7F}\""),
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
}
