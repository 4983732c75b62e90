internal import CJansson

/// Copies a jansson tree into `JSON`. The scanner has bounded the depth, so recursion is safe.
struct JanssonReader {
  /// True if strings with `NumberMark` stand for numbers.
  private let hasMarks: Bool
  private let cancel: CancelFlag?
  /// True if each value is freed once it is copied: both trees of a large text would take too much memory.
  private let frees: Bool
  private var nodes = 0

  init(hasMarks: Bool, frees: Bool, cancel: CancelFlag?) {
    self.hasMarks = hasMarks
    self.frees = frees
    self.cancel = cancel
  }

  mutating func value(_ node: UnsafeMutablePointer<json_t>) throws(JSONError) -> JSON {
    nodes &+= 1
    if nodes & 1_023 == 0, let cancel, cancel.isSet { throw .cancelled() }
    switch akool_json_type(node) {
    case JSON_OBJECT: return .object(try object(node))
    case JSON_ARRAY: return .array(try array(node))
    case JSON_STRING: return string(node)
    case JSON_INTEGER: return .integer(Int64(json_integer_value(node)))
    case JSON_REAL: return .number(json_real_value(node))
    case JSON_TRUE: return .bool(true)
    case JSON_FALSE: return .bool(false)
    default: return .null
    }
  }

  private mutating func array(_ node: UnsafeMutablePointer<json_t>) throws(JSONError) -> [JSON] {
    let count = json_array_size(node)
    var elements: [JSON] = []
    elements.reserveCapacity(count)
    for index in 0..<count {
      if let element = json_array_get(node, index) { elements.append(try value(element)) }
      if frees { json_array_set_new(node, index, json_null()) }
    }
    return elements
  }

  private mutating func object(_ node: UnsafeMutablePointer<json_t>) throws(JSONError) -> JSONObject {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(json_object_size(node))
    var iterator = json_object_iter(node)
    while let current = iterator {
      if let key = json_object_iter_key(current), let member = json_object_iter_value(current) {
        members.append((String(cString: key), try value(member)))
        if frees { json_object_iter_set_new(node, current, json_null()) }
      }
      iterator = json_object_iter_next(node, current)
    }
    return JSONObject(unique: members)
  }

  private func string(_ node: UnsafeMutablePointer<json_t>) -> JSON {
    let bytes = UnsafeRawBufferPointer(start: json_string_value(node), count: json_string_length(node))
      .assumingMemoryBound(to: UInt8.self)
    if hasMarks, bytes.starts(with: NumberMark.bytes) {
      return .decimal(String(decoding: bytes[NumberMark.bytes.count...], as: UTF8.self))
    }
    return .string(String(decoding: bytes, as: UTF8.self))
  }
}
