internal import AkoolCore

extension SimulatorOption.Coding where Value == Bool {
  @inline(never)
  static var flag: Self {
    Self(schema: ["type": "boolean"], expected: "true or false", encode: JSON.bool, decode: \.bool)
  }
}

extension SimulatorOption.Coding where Value == Int64 {
  @inline(never)
  static func integer(_ range: ClosedRange<Int64>) -> Self {
    Self(
      schema: ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)],
      expected: "an integer from \(range.lowerBound) to \(range.upperBound)",
      encode: JSON.integer
    ) { $0.integer.flatMap { range.contains($0) ? $0 : nil } }
  }

  static var businessCode: Self { integer(1000...9999) }
  static var httpStatus: Self { integer(200...599) }
  static var seconds: Self { integer(0...1_000_000_000) }
}

extension SimulatorOption.Coding where Value == Double {
  @inline(never)
  static func number(_ range: ClosedRange<Double>) -> Self {
    Self(
      schema: ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)],
      expected: "a number from \(range.lowerBound) to \(range.upperBound)",
      encode: JSON.number
    ) { $0.double.flatMap { range.contains($0) ? $0 : nil } }
  }
}

extension SimulatorOption.Coding where Value == Credit {
  @inline(never)
  static func credit(upTo maximum: Double) -> Self {
    Self(
      schema: ["type": "number", "minimum": 0, "maximum": .number(maximum)],
      expected: "a number from 0 to \(maximum)",
      encode: \.json
    ) { $0.double.flatMap { (0...maximum).contains($0) ? Credit(credits: $0) : nil } }
  }
}

extension SimulatorOption.Coding where Value == String {
  @inline(never)
  static var text: Self {
    Self(schema: ["type": "string"], expected: "a string", encode: JSON.string, decode: \.string)
  }
}

extension SimulatorOption.Coding where Value == [String] {
  @inline(never)
  static var texts: Self {
    Self(
      schema: ["type": "array", "items": ["type": "string"]], expected: "an array of strings",
      encode: { .array($0.map(JSON.string)) }
    ) { value in
      guard let elements = value.array else { return nil }
      let texts = elements.compactMap(\.string)
      return texts.count == elements.count ? texts : nil
    }
  }
}

extension SimulatorOption.Coding
where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  @inline(never)
  static var choice: Self {
    let names = Value.allCases.map(\.rawValue)
    return Self(
      schema: ["type": "string", "enum": .array(names.map(JSON.string))],
      expected: "one of " + names.joined(separator: ", "),
      encode: { .string($0.rawValue) }
    ) { $0.string.flatMap(Value.init(rawValue:)) }
  }
}
