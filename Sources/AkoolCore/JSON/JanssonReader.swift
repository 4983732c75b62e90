internal import CJansson

/// Copies a jansson tree into `JSON`. The scanner has bounded the depth, so recursion is safe.
enum JanssonReader {
  static func value(_ node: UnsafeMutablePointer<json_t>) -> JSON {
    switch akool_json_type(node) {
    case JSON_OBJECT: return .object(object(node))
    case JSON_ARRAY: return .array(array(node))
    case JSON_STRING: return .string(text(json_string_value(node), json_string_length(node)))
    case JSON_INTEGER: return .integer(Int64(json_integer_value(node)))
    case JSON_REAL: return .number(json_real_value(node))
    case JSON_TRUE: return .bool(true)
    case JSON_FALSE: return .bool(false)
    default: return .null
    }
  }

  private static func array(_ node: UnsafeMutablePointer<json_t>) -> [JSON] {
    let count = json_array_size(node)
    var elements: [JSON] = []
    elements.reserveCapacity(count)
    for index in 0..<count {
      if let element = json_array_get(node, index) { elements.append(value(element)) }
    }
    return elements
  }

  private static func object(_ node: UnsafeMutablePointer<json_t>) -> JSONObject {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(json_object_size(node))
    var iterator = json_object_iter(node)
    while let current = iterator {
      if let key = json_object_iter_key(current), let member = json_object_iter_value(current) {
        members.append((String(cString: key), value(member)))
      }
      iterator = json_object_iter_next(node, current)
    }
    return JSONObject(unique: members)
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
    guard let start else { return "" }
    return start.withMemoryRebound(to: UInt8.self, capacity: length) {
      String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
    }
  }
}
