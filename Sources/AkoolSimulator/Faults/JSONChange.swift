internal import AkoolCore

extension JSON {
  /// This value with another one at a JSON Pointer, or with nothing there. A pointer that leads nowhere changes
  /// nothing; its last name may be new in an object.
  func changed(at pointer: String, to value: JSON?) -> JSON {
    guard let tokens = Self.tokens(of: pointer) else { return self }
    return changed(tokens[...], to: value) ?? .null
  }

  private func changed(_ tokens: ArraySlice<String>, to value: JSON?) -> JSON? {
    guard let token = tokens.first else { return value }
    switch self {
    case .object(var object):
      guard tokens.count == 1 || object[token] != nil else { return self }
      object[token] = (object[token] ?? .null).changed(tokens.dropFirst(), to: value)
      return .object(object)
    case .array(var elements):
      guard let index = Int(token), elements.indices.contains(index) else { return self }
      let element = elements.remove(at: index).changed(tokens.dropFirst(), to: value)
      if let element { elements.insert(element, at: index) }
      return .array(elements)
    default: return self
    }
  }
}
