internal import CJansson

/// Turns jansson's error into ours. jansson's own text quotes the input near the fault, which may be a
/// secret, so only its error code is used.
struct JanssonFailure {
  private let code: UInt32
  private let offset: Int
  /// A key that was a number has become a string with NUL in the copy that jansson read.
  private let isNumber: Bool

  init(_ failure: json_error_t, _ repair: JSONRepair) {
    var failure = failure
    code = UInt32(withUnsafeBytes(of: &failure.text) { $0.last ?? 0 })
    offset = repair.sourceOffset(of: Int(failure.position))
    isNumber = !repair.hasQuote(before: offset)
  }

  var error: JSONError {
    // Where jansson names no cause it had no memory.
    switch code {
    case json_error_unknown.rawValue, json_error_out_of_memory.rawValue: return .outOfMemory(at: offset)
    default: return JSONError(message, at: offset)
    }
  }

  private var message: String {
    switch code {
    case json_error_premature_end_of_input.rawValue: return "the text ends in the middle of a value"
    case json_error_end_of_input_expected.rawValue: return "more text after the end of the value"
    case json_error_invalid_utf8.rawValue: return "not valid UTF-8"
    case json_error_duplicate_key.rawValue: return "the same key twice in one object"
    case json_error_null_byte_in_key.rawValue where !isNumber: return "a NUL character in a key"
    default: return "not valid JSON"
    }
  }
}
