import AkoolCore
import Testing

@Suite struct JSONWriterTests {
  @Test(
    arguments: [
      (JSON.number(1.1), "1.1"), (.number(0.1 + 0.2), "0.30000000000000004"), (.number(5e-324), "5e-324"),
      (.integer(.min), "-9223372036854775808"), (7, "7"), ("a\"\\\n\u{1}é/", #""a\"\\\n\u0001é/""#), ([], "[]"),
      (["a": [1, true, .null]], #"{"a":[1,true,null]}"#), (.number(.infinity), "null"), ("\u{7F}", "\"\u{7F}\""),
    ] as [(JSON, String)])
  func writes(_ value: JSON, _ expected: String) {
    #expect(value.serialized() == expected)
  }
}
