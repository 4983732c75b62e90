import Testing

@testable import AkoolCore

@Suite struct JSONNumberTests {
  static let beyond = [
    "9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
    "340282366920938463463374607431768211456", "1" + String(repeating: "0", count: 400),
    "-" + String(repeating: "7", count: 1_000), "1e400", "-1E+999", "2.5e1000", "1e-400", "-1E-999999999999999999999",
    "0.1234567890123456789", "12345678901234567890.0", "4.9406564584124654e-324", "0.30000000000000005",
    "9.007199254740993e15", "1e99999999999999999999",
  ]

  @Test(arguments: beyond)
  func number_comesBackUnchanged_whenNoTypeHoldsIt(_ text: String) throws {
    let nested = "{\"a\":[\(text),{\"b\":\(text)}],\"c\":1}"
    let expected: JSON = ["a": [.decimal(text), ["b": .decimal(text)]], "c": 1]
    for parsed in try parsedByAll(nested) {
      #expect(parsed == expected)
      #expect(parsed.serialized() == nested)
    }
    #expect(try JSON.parse(text) == .decimal(text))
  }

  @Test(
    arguments: [
      ("-0", .integer(0)), ("0", 0), ("1.0", .number(1)), ("1e2", .number(100)), ("100.10", .number(100.1)),
      ("1E+2", .number(100)), ("-0.0", .number(-0.0)), ("0e999", .number(0)), ("5e-324", .number(5e-324)),
      ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)), ("600.000000000000000000000", .number(600)),
      ("0.30000000000000004", .number(0.1 + 0.2)), ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)), ("1e22", .number(1e22)), ("1.25e-7", .number(1.25e-7)),
      ("1000000000000000", .integer(1_000_000_000_000_000)),
    ] as [(String, JSON)])
  func number_isOrdinary_whenTypeHoldsIt(_ text: String, _ expected: JSON) throws {
    for parsed in try parsedByAll("[\(text)]") { #expect(parsed == [expected]) }
  }

  private func parsedByAll(_ text: String) throws -> [JSON] {
    let bytes = Array(text.utf8)
    let own = try bytes.withUnsafeBufferPointer { try JSON.parse(ownText: $0) }
    return [try JSON.parse(text), try JSON.parse(serverBytes: bytes), own]
  }

  @Test(arguments: [
    "01111111111111111111", "-", "[11111111111111111111.]", "1111111111111111e", "1e+", "[1e]",
    "{11111111111111111111:1}", "[1-11111111111111111111]", "11111111111111111111x", "11111111111111111111 1",
    "11111111111111111111\"a\"", "[1.11111111111111111111.1]", "+11111111111111111111", ".11111111111111111111",
    "[-]", "--11111111111111111111", "[1e400e5]", "{\"a\":1e400", "1/1", "1/11111111111111111111",
  ])
  func number_isRefusedUnquoted_whenMalformed(_ text: String) {
    for bytes in [Array(text.utf8), Array("{\"x\":1e999,\"y\":\(text)}".utf8)] {
      let error = #expect(throws: JSONError.self) { try JSON.parse(serverBytes: bytes) }
      #expect(error?.kind == .malformed)
      #expect(error?.message.contains("1") == false, "\(String(describing: error))")
    }
  }

  @Test func key_isRefused_whenItIsNumberOrHasNUL() {
    let number = #expect(throws: JSONError.self) { try JSON.parse("{11111111111111111111:1}") }
    #expect(number?.message == "not valid JSON")
    let nul = #expect(throws: JSONError.self) { try JSON.parse(#"{"a":1e999,"\u0000":1}"#) }
    #expect(nul?.message == "a NUL character in a key")
  }

  @Test func offset_isThatOfTheText_whenNumbersWereReplaced() {
    let numbers = #expect(throws: JSONError.self) { try JSON.parse("[11111111111111111111,1e400,x,1e400]") }
    let strings = #expect(throws: JSONError.self) { try JSON.parse(#"["111111111111111111","e40",x,1]"#) }
    #expect(numbers == strings)
  }

  @Test func text_staysText_whenItLooksLikeAMark() throws {
    let forged = "\u{0}" + String(repeating: "0", count: 16) + "1e400"
    let value: JSON = [.string(forged), "\u{0}", .decimal("1e400"), "1e400"]
    #expect(try JSON.parse(value.serialized()) == value)
  }

  @Test func decimal_givesNearestDouble_whenThereIsOne() {
    #expect(JSON.decimal("18446744073709551616").double == 18_446_744_073_709_551_616.0)
    #expect(JSON.decimal("1e-400").double == 0)
    #expect(JSON.decimal("0.1234567890123456789").double == 0.1234567890123456789)
    #expect(JSON.decimal("1e400").double == nil)
    #expect(JSON.decimal("-1e400").double == nil)
    #expect(JSON.decimal("18446744073709551616").integer == nil)
    #expect(JSON.decimal("1e400").typeName == "number")
  }

  @Test func manyNumbers_areParsed_whenAllAreBeyond() throws {
    let text = "[" + Array(repeating: "1e400", count: 200_000).joined(separator: ",") + "]"
    #expect(try JSON.parse(text).serialized() == text)
  }

  /// The written number equals the read one. It keeps its text exactly when no type holds the number.
  @Test func number_denotesTheSame_whenRandom() throws {
    var random = SeededGenerator(seed: 24)
    for _ in 0..<20_000 {
      let text = NumberText.random(&random)
      let parsed = try JSON.parse("[\(text),1]")[0] ?? .null
      let written = parsed.serialized()
      #expect(NumberText.normal(written) == NumberText.normal(text), "\(text) became \(written)")
      #expect(parsed == .decimal(text) || NumberText.isExact(text), "\(text) is \(parsed)")
      #expect(parsed != .decimal(text) || !NumberText.isExact(text), "\(text) is \(parsed)")
    }
  }
}

/// A simple reference for the value of numbers.
private enum NumberText {
  static func random(_ random: inout SeededGenerator) -> String {
    var text = Bool.random(using: &random) ? "-" : ""
    let whole = digits(0...22, &random).drop { $0 == "0" }
    text += whole.isEmpty ? "0" : String(whole)
    if Bool.random(using: &random) { text += "." + digits(1...22, &random) }
    if Int.random(in: 0..<3, using: &random) == 0 {
      text += ["e", "E", "e+", "e-", "E-"].randomElement(using: &random) ?? ""
      text += digits(1...3, &random)
    }
    return text
  }

  private static func digits(_ lengths: ClosedRange<Int>, _ random: inout SeededGenerator) -> String {
    let isSparse = Bool.random(using: &random)
    return (0..<Int.random(in: lengths, using: &random)).map { _ in
      isSparse && Int.random(in: 0..<4, using: &random) > 0 ? "0" : String(Int.random(in: 0...9, using: &random))
    }.joined()
  }

  /// Digits without outer zeros and the power of ten of the last one; zero has no sign.
  static func normal(_ text: String) -> String {
    let parts = text.lowercased().split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
    var digits = Array(mantissa[0].drop { $0 == "-" } + fraction)
    var power = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
    while digits.last == "0" {
      digits.removeLast()
      power += 1
    }
    let significant = String(digits.drop { $0 == "0" })
    return significant.isEmpty ? "0" : "\(text.hasPrefix("-") ? "-" : "")\(significant)e\(power)"
  }

  static func isExact(_ text: String) -> Bool {
    if text.allSatisfy({ $0.isNumber || $0 == "-" }) { return Int64(text) != nil }
    guard let value = Double(text), value.isFinite else { return false }
    return normal(value.description) == normal(text)
  }
}
