import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct JSONLimitTests {
  private static let containers = 100_000
  private static let scalars = 1_000_000

  /// An array of so many elements.
  private func array(_ element: String, _ count: Int, last: String = "") -> String {
    "[" + String(repeating: element + ",", count: count - 1) + element + last + "]"
  }

  private func error(_ text: String) -> JSONError? {
    #expect(throws: JSONError.self) { try JSON.parse(serverBytes: Array(text.utf8)) }
  }

  @Test(arguments: ["{}", "[]"])
  func text_isRead_whenContainersAreAsManyAsAllowed(_ element: String) throws {
    #expect(try JSON.parse(array(element, Self.containers - 1)).array?.count == Self.containers - 1)
  }

  @Test(arguments: ["{}", "[]", "{\"a\":1}", "[[[]]]"])
  func text_isRefused_whenContainersAreTooMany(_ element: String) {
    let text = array(element, Self.containers)
    #expect(error(text)?.kind == .tooManyValues)
    #expect(error(text)?.message == "more than 100000 objects and arrays")
    #expect(throws: JSONError.self) { try JSON.parse(text) }
  }

  @Test func text_isRead_whenScalarsAreAsManyAsAllowed() throws {
    #expect(try JSON.parse(array("1", Self.scalars)).array?.count == Self.scalars)
  }

  @Test(arguments: ["1", "\"\"", "null", "1.5e3", "18446744073709551616"])
  func text_isRefused_whenScalarsAreTooMany(_ element: String) {
    #expect(error(array(element, Self.scalars + 1))?.kind == .tooManyValues)
  }

  @Test func names_count_whenScalarsAreCounted() throws {
    let text = array("1", Self.scalars - 4, last: #",{"a" : true , "b":[]}"#)
    #expect(try JSON.parse(text).array?.count == Self.scalars - 3)
    #expect(error(array("1", Self.scalars - 4, last: #",{"a":1,"b":2,"c":3}"#))?.kind == .tooManyValues)
  }

  @Test func ownText_mayBeLarger_whenItWrapsAServersText() throws {
    let bytes = Array("{\"data\":\(array("1", Self.scalars)),\"raw\":\(array("2", Self.scalars)),\"meta\":{}}".utf8)
    let parsed = try bytes.withUnsafeBufferPointer { try JSON.parse(ownText: $0) }
    #expect(parsed["raw"]?.array?.count == Self.scalars)
    #expect(throws: JSONError.self) { try JSON.parse(serverBytes: bytes) }
  }

  @Test func text_isTooDeep_whenBracketsNest() {
    #expect(error(String(repeating: "[", count: 65))?.kind == .tooDeep)
    #expect(error(String(repeating: "[{\"a\":", count: 1_000_000))?.kind == .tooDeep)
  }

  @Test(arguments: ["nn", "<a href=\"x\">", "1 ", "]", ":", "\"\"", "tt1"])
  func text_isMalformed_whenItIsNoJSON(_ unit: String) {
    #expect(error(String(repeating: unit, count: 500_000))?.kind == .malformed)
  }

  @Test func parsing_isCancelled_whenFlagIsSet() throws {
    let flag = CancelFlag()
    #expect(try JSON.parse(serverBytes: Array("[1]".utf8), cancel: flag) == [1])
    flag.set()
    #expect(flag.isSet)
    for text in ["[1]", array("1", 10_000), "\"" + String(repeating: "x", count: 100_000) + "\""] {
      let error = #expect(throws: JSONError.self) { try JSON.parse(serverBytes: Array(text.utf8), cancel: flag) }
      #expect(error?.kind == .cancelled)
    }
  }
}
