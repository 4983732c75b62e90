/// Serialises JSON: compact, UTF-8, with the shortest digits that read back as the same number.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  init(reserving capacity: Int = 512) { bytes.reserveCapacity(capacity) }

  mutating func write(_ value: JSON) {
    switch value {
    case .null: write(literal: "null")
    case .bool(let value): write(literal: value ? "true" : "false")
    case .integer(let value): write(integer: value)
    case .number(let value): write(number: value)
    case .string(let value): write(string: value)
    case .array(let elements): write(array: elements)
    case .object(let object): write(object: object)
    }
  }

  /// JSON has no word for infinity or NaN; a parsed value never holds one, a Swift caller's may.
  private mutating func write(number value: Double) {
    if value.isFinite { write(text: value.description) } else { write(literal: "null") }
  }

  private mutating func write(integer value: Int64) {
    if value >= 0, value < 10 {
      bytes.append(UInt8(truncatingIfNeeded: 48 &+ value))
    } else {
      write(text: String(value))
    }
  }

  private mutating func write(array elements: [JSON]) {
    bytes.append(UInt8(ascii: "["))
    var first = true
    for element in elements {
      if !first { bytes.append(UInt8(ascii: ",")) }
      first = false
      write(element)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func write(object: JSONObject) {
    bytes.append(UInt8(ascii: "{"))
    var first = true
    for (key, value) in object.members {
      if !first { bytes.append(UInt8(ascii: ",")) }
      first = false
      write(string: key)
      bytes.append(UInt8(ascii: ":"))
      write(value)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  mutating func write(string value: String) {
    bytes.append(UInt8(ascii: "\""))
    var value = value
    value.withUTF8 { escape($0) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Copies runs that need no escape at once.
  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for index in 0..<text.count where Self.needsEscape(text[index]) {
      bytes.append(contentsOf: text[start..<index])
      write(escapeOf: text[index])
      start = index + 1
    }
    bytes.append(contentsOf: text[start..<text.count])
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func write(escapeOf byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      write(literal: "u00")
      bytes.append(Self.hexDigit(byte >> 4))
      bytes.append(Self.hexDigit(byte & 15))
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

  private mutating func write(literal: StaticString) {
    literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func write(text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }
}

extension JSON {
  /// This value as compact UTF-8 JSON text.
  public func serializedBytes() -> [UInt8] {
    var writer = JSONWriter()
    writer.write(self)
    return writer.bytes
  }

  /// This value as compact JSON text.
  public func serialized() -> String { String(decoding: serializedBytes(), as: UTF8.self) }
}

extension JSON: CustomStringConvertible {
  /// The JSON text.
  public var description: String { serialized() }
}
