extension StringRule.Form {
  /// What is wrong with a text that should have this form, or nil.
  func fault(in text: String) -> String? {
    switch self {
    case .url: return Self.urlFault(text)
    case .objectID: return Self.objectIDFault(text)
    case .alphanumeric: return Self.alphanumericFault(text)
    case .path: return Self.pathFault(text)
    case .method: return Self.methodFault(text)
    }
  }

  private static func urlFault(_ text: String) -> String? {
    let lower = String(Substring(text.utf8.prefix(8))).lowercased()
    guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else {
      return "must be a URL that begins with http:// or https://"
    }
    if let fault = controlFault(text) { return fault }
    switch text.utf8.dropFirst(scheme.utf8.count).first {
    case nil, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return "is a URL without a host"
    default: return nil
    }
  }

  private static func objectIDFault(_ text: String) -> String? {
    let isHexadecimal = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0 | 0x20) }
    return isHexadecimal && text.utf8.count == 24 ? nil : "must be 24 hexadecimal digits"
  }

  private static func alphanumericFault(_ text: String) -> String? {
    guard let wrong = text.unicodeScalars.first(where: { !isAlphanumeric($0) }) else { return nil }
    return "contains \(SchemaValidator.quoted(String(wrong))); only letters a-z, A-Z and digits are allowed"
  }

  private static func pathFault(_ text: String) -> String? {
    guard text.hasPrefix("/"), !text.hasPrefix("//") else { return "must begin with one slash" }
    if text.contains("#") { return "must not contain a fragment (#)" }
    return controlFault(text)
  }

  private static func methodFault(_ text: String) -> String? {
    text.utf8.allSatisfy { (65...90).contains($0) } ? nil : "must be an HTTP method in capital letters"
  }

  private static func controlFault(_ text: String) -> String? {
    text.unicodeScalars.contains { $0.value <= 0x20 || $0.value == 0x7F }
      ? "contains a blank or control character" : nil
  }

  private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
  }
}
