internal import CJansson

/// Turns jansson's error into ours. jansson's own text quotes the input near the fault, which may be a
/// secret, so only its error code is used.
struct JanssonFailure {
  private let code: UInt8
  private let offset: Int
  private let text: UnsafeBufferPointer<UInt8>

  init(_ failure: json_error_t, _ text: UnsafeBufferPointer<UInt8>) {
    var failure = failure
    code = withUnsafeBytes(of: &failure.text) { $0.last ?? 0 }
    offset = min(max(0, Int(failure.position)), text.count)
    self.text = text
  }

  var error: JSONError { JSONError(message: message, offset: offset) }

  private var message: String {
    switch UInt32(code) {
    case json_error_premature_end_of_input.rawValue: return "the text ends in the middle of a value"
    case json_error_end_of_input_expected.rawValue: return "more text after the end of the value"
    case json_error_invalid_utf8.rawValue: return "not valid UTF-8"
    case json_error_duplicate_key.rawValue: return "the same key twice in one object"
    case json_error_numeric_overflow.rawValue: return "number out of range: \(number)"
    case json_error_null_byte_in_key.rawValue: return "a NUL character in a key"
    case json_error_out_of_memory.rawValue: return "out of memory"
    default: return "not valid JSON"
    }
  }

  /// The number that ends where jansson stopped.
  private var number: String {
    let characters = Set("+-.0123456789eE".utf8)
    var start = offset
    while start > 0, characters.contains(text[start - 1]) { start -= 1 }
    return String(decoding: text[start..<min(offset, start + 64)], as: UTF8.self)
  }
}
