import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct SchemaValidatorTests {
  private let schema = ObjectSchema([
    .optional("name", .string(), "A name."), .optional("duration", .integer(minimum: 1, maximum: 3_600), "Seconds."),
    .optional("speed", .number(minimum: 0.5, maximum: 2), "A factor."),
  ])

  private func faults(_ value: JSON, _ schema: Schema, isSecret: Bool = false) -> [String] {
    var validator = SchemaValidator()
    validator.check(value, schema, at: "x", isSecret: isSecret)
    return validator.faults.map(\.message)
  }

  @Test func unknownKeys_areCounted_whenTooManyToKeep() {
    var object = JSONObject((0..<10_000).map { ("member\($0)", JSON.null) })
    object["name"] = "n"
    object["duration"] = 0
    var validator = SchemaValidator()
    validator.check(object, schema)
    #expect(validator.faultCount == 10_001)
    #expect(validator.faults.count == SchemaValidator.maximumFaults)
    #expect(validator.faults[0].message == "duration: is 0, must be at least 1")
    #expect(validator.faults[1].message == "\"member0\": is unknown; known are name, duration, speed")
  }

  @Test func unknownKey_isFound_whenItComesLast() {
    var validator = SchemaValidator()
    validator.check(["name": "n", "duration": 1, "sped": 1] as JSONObject, schema)
    #expect(validator.faults.map(\.message) == ["\"sped\": is unknown; did you mean \"speed\"?"])
    #expect(validator.faultCount == 1)
  }

  @Test func elements_areCounted_whenTooManyAreWrong() {
    var validator = SchemaValidator()
    validator.check(.array(Array(repeating: 1, count: 50_000)), .array(of: .string()), at: "urls")
    #expect(validator.faultCount == 50_000)
    #expect(validator.faults.count == SchemaValidator.maximumFaults)
    #expect(validator.faults[15].message == "urls[15]: must be a string, not an integer")
  }

  @Test func fieldNames_areUnique_inEveryOperation() {
    for operation in Catalogue.all {
      let names = operation.parameters.fields.map(\.name)
      #expect(Set(names).count == names.count, "\(operation.name)")
    }
  }

  // MARK: Numbers beyond every type

  @Test func integer_isOutOfRange_whenNoTypeHoldsIt() {
    #expect(
      faults(.decimal("18446744073709551616"), .integer(minimum: 1)) == ["x: is out of range: 18446744073709551616"])
    #expect(faults(.decimal("1e400"), .integer()) == ["x: is out of range: 1e400"])
    #expect(faults(.decimal("18446744073709551616"), .integer(), isSecret: true) == ["x: is out of range"])
    let long = faults(.decimal(String(repeating: "7", count: 1_000)), .integer())
    #expect(long == ["x: is out of range: " + String(repeating: "7", count: 39) + "…"])
    #expect(faults(.decimal("0.1234567890123456789"), .integer()) == ["x: must be an integer, not a number"])
  }

  @Test func number_isComparedAsDouble_whenNoTypeHoldsIt() {
    let range = Schema.number(minimum: 0, maximum: 1)
    #expect(faults(.decimal("0.1234567890123456789"), range) == [])
    #expect(faults(.decimal("18446744073709551616"), range) == ["x: is 18446744073709551616, must be at most 1"])
    #expect(faults(.decimal("1e400"), range) == ["x: is out of range"])
    #expect(faults(.decimal("1e400"), .string()) == ["x: must be a string, not a number"])
    #expect(faults(.decimal("18446744073709551616"), .number()) == [])
  }

  // MARK: Long texts

  @Test func quotedText_isShort_whenTextIsLong() {
    #expect(SchemaValidator.quoted("short") == "\"short\"")
    #expect(SchemaValidator.quoted(String(repeating: "é", count: 64)).unicodeScalars.count == 66)
    for unit in ["x", "\u{301}", "😀"] {
      let quoted = SchemaValidator.quoted("e" + String(repeating: unit, count: 1_000_000))
      #expect(quoted.unicodeScalars.count == 66)
      #expect(quoted.hasSuffix("…\""))
    }
  }

  @Test func fault_isShort_whenNameOfMapIsLong() {
    let name = String(repeating: "n", count: 1_000_000)
    let messages = faults(.object([name: 1]), .map(of: .string()))
    #expect(messages.count == 1)
    #expect(messages[0].utf8.count < 200)
  }

  @Test func nearest_isBounded_whenWordIsLong() {
    #expect(Spelling.nearest(to: "nmae", among: ["name", "duration"]) == "name")
    #expect(Spelling.nearest(to: String(repeating: "name", count: 1_000_000), among: ["name", "duration"]) == nil)
    #expect(Spelling.nearest(to: String(repeating: "\u{301}", count: 1_000_000), among: ["name"]) == nil)
  }
}
