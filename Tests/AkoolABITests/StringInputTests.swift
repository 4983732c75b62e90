import AkoolCore
import Testing

@testable import AkoolABI

@Suite struct StringInputTests {
  @Test func nullIsAnEmptyObject() throws {
    #expect(try StringInput.json(nil, "params_json") == [:])
  }

  @Test(arguments: ["", "{", "\u{1}", "[1,]"])
  func whatIsNotJSONIsNamed(text: String) {
    let error = #expect(throws: AkoolError.self) { try StringInput.json(text, "params_json") }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.hasPrefix("params_json is not JSON") == true)
  }

  @Test func faultsOfParametersAreKeptForTheReply() {
    guard case .failure(let error) = StringInput.result("[", "options_json") else {
      Issue.record("half an array was taken for JSON")
      return
    }
    #expect(error.message.contains("options_json"))
  }

  @Test func textMustBeThere() {
    let error = #expect(throws: AkoolError.self) { try StringInput.text(nil, "operation") }
    #expect(error?.message == "operation is NULL")
  }

  @Test(arguments: [[0xFF, 0], [0xC0, 0x80, 0], [0xED, 0xA0, 0x80, 0], [0x61, 0xE4, 0xBD, 0]] as [[UInt8]])
  func textMustBeUTF8(bytes: [UInt8]) {
    let text = bytes.map { CChar(bitPattern: $0) }
    let error = #expect(throws: AkoolError.self) { try StringInput.text(text, "operation") }
    #expect(error?.message == "operation is not valid UTF-8")
  }
}

@Suite struct StringOutputTests {
  @Test func thePointerIsNullUntilThereIsAString() throws {
    var pointer = UnsafeMutablePointer<CChar>(bitPattern: 8)
    let output = StringOutput(&pointer)
    #expect(pointer == nil)
    _ = output
  }

  @Test func aNULInJSONIsAnEscape() throws {
    var seen = ""
    #expect(JSON.string("a\u{0}b").withCString { seen = String(cString: $0) })
    #expect(seen == #""a\u0000b""#)
  }

  @Test func nowhereToPutItIsFine() throws {
    try StringOutput(nil).put(["a": 1])
    #expect(throws: AkoolError.self) { try StringOutput(nil).require("json") }
  }
}
