internal import Glibc

/// Serialises JSON: compact, UTF-8, with the shortest digits that read back as the same number.
///
/// Writes into memory from `malloc`, so that a text can be handed to C as it is. Once memory was exhausted the writer
/// has failed for good: it writes nothing more and has no result.
struct JSONWriter: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>?
  private var capacity = 0
  private var count = 0
  private var hasFailed = false
  /// Stands in for `realloc`.
  private let resize: Resize

  typealias Resize = @Sendable (UnsafeMutableRawPointer?, Int) -> UnsafeMutableRawPointer?

  init(reserving capacity: Int = 1_024, resize: @escaping Resize = { realloc($0, $1) }) {
    self.resize = resize
    _ = grow(to: capacity)
  }

  deinit { free(start) }

  /// The text so far; nil when memory was exhausted.
  var bytes: [UInt8]? { hasFailed ? nil : Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Returns the text, ended by NUL. The caller frees it; nil when memory was exhausted.
  consuming func takeCString() -> UnsafeMutablePointer<CChar>? {
    append(0)
    defer { start = nil }
    return start.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: CChar.self) }
  }

  mutating func write(_ value: JSON) {
    switch value {
    case .null: write(literal: "null")
    case .bool(let value): write(literal: value ? "true" : "false")
    case .integer(let value): write(integer: value)
    case .number(let value): write(number: value)
    case .decimal(let text): write(decimal: text)
    case .string(let value): write(string: value)
    case .array(let elements): write(array: elements)
    case .object(let object): write(object: object)
    }
  }

  // MARK: The memory

  private mutating func reserve(_ more: Int) -> Bool {
    count + more <= capacity || grow(to: max(capacity * 2, count + more))
  }

  private mutating func grow(to size: Int) -> Bool {
    guard !hasFailed, let grown = resize(start, size) else {
      fail()
      return false
    }
    start = grown.assumingMemoryBound(to: UInt8.self)
    capacity = size
    return true
  }

  /// Leaves no room, so that every later `reserve` comes to `grow`.
  private mutating func fail() {
    free(start)
    start = nil
    capacity = 0
    count = 0
    hasFailed = true
  }

  private mutating func append(_ byte: UInt8) {
    guard reserve(1), let start else { return }
    start[count] = byte
    count += 1
  }

  private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, reserve(bytes.count), let start else { return }
    memcpy(start + count, source, bytes.count)
    count += bytes.count
  }

  private mutating func write(literal: StaticString) {
    append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  private mutating func write(text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  // MARK: Values

  /// JSON has no word for infinity or NaN; a parsed value never holds one, a Swift caller's may.
  private mutating func write(number value: Double) {
    if value.isFinite { write(text: value.description) } else { write(literal: "null") }
  }

  /// Writes null for a text that is not a number: the parser makes none, a Swift caller may.
  private mutating func write(decimal text: String) {
    if NumberToken(text) != nil { write(text: text) } else { write(literal: "null") }
  }

  private mutating func write(integer value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    var length = 1
    while rest >= 10 {
      rest /= 10
      length += 1
    }
    guard reserve(length), let start else { return }
    rest = value.magnitude
    for place in stride(from: count + length - 1, through: count, by: -1) {
      start[place] = UInt8(truncatingIfNeeded: 48 + rest % 10)
      rest /= 10
    }
    count += length
  }

  private mutating func write(array elements: [JSON]) {
    append(UInt8(ascii: "["))
    var isFirst = true
    for element in elements {
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      write(element)
    }
    append(UInt8(ascii: "]"))
  }

  private mutating func write(object: JSONObject) {
    append(UInt8(ascii: "{"))
    var isFirst = true
    let members = object.members
    for index in members.indices {
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      write(string: members[index].key)
      append(UInt8(ascii: ":"))
      write(members[index].value)
    }
    append(UInt8(ascii: "}"))
  }

  mutating func write(string value: String) {
    append(UInt8(ascii: "\""))
    // Unlike withUTF8 it needs no copy; native strings always have such storage.
    if value.utf8.withContiguousStorageIfAvailable({ escape($0) }) == nil { escapeCopy(of: value) }
    append(UInt8(ascii: "\""))
  }

  private mutating func escapeCopy(of value: String) {
    var value = value
    value.withUTF8 { escape($0) }
  }

  /// Copies runs that need no escape at once, and finds them eight bytes at a time.
  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    var runStart = 0
    var index = 0
    while index < text.count {
      if index + 8 <= text.count, !EightBytes(text, index).needsEscape {
        index += 8
        continue
      }
      if Self.needsEscape(text[index]) {
        append(UnsafeBufferPointer(rebasing: text[runStart..<index]))
        write(escapeOf: text[index])
        runStart = index + 1
      }
      index += 1
    }
    append(UnsafeBufferPointer(rebasing: text[runStart..<text.count]))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func write(escapeOf byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0D: append(UInt8(ascii: "r"))
    default:
      write(literal: "u00")
      append(Self.hexDigit(byte >> 4))
      append(Self.hexDigit(byte & 15))
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}

extension JSON {
  /// Returns this value as compact UTF-8 JSON text; no bytes, which are not JSON, when memory is exhausted.
  public func serializedBytes() -> [UInt8] { (try? encoded()) ?? [] }

  /// Returns this value as compact UTF-8 JSON text. Throws when memory is exhausted.
  public func encoded() throws(JSONError) -> [UInt8] {
    var writer = JSONWriter()
    writer.write(self)
    guard let bytes = writer.bytes else { throw .outOfMemory() }
    return bytes
  }

  /// This value as compact JSON text that C can have: ended by NUL, inside it U+0000 is an escape. The caller
  /// frees it with `free`. Nil when memory is exhausted.
  package func serializedCString() -> UnsafeMutablePointer<CChar>? {
    var writer = JSONWriter()
    writer.write(self)
    return writer.takeCString()
  }

  /// This value as compact JSON text. Empty, which is not JSON, when memory is exhausted.
  public func serialized() -> String { String(decoding: serializedBytes(), as: UTF8.self) }
}

extension JSON: CustomStringConvertible {
  /// The JSON text.
  public var description: String { serialized() }
}
