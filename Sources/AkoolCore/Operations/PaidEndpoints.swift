/// The endpoints that cost money, which `request` must not reach in any spelling.
enum PaidEndpoints {
  /// Returns the operation that a path is paid by, in any version of AKOOL's interface.
  ///
  /// - Parameters:
  ///   - path: The path of the URL as it is sent.
  ///   - base: The path of the base URL, which a gateway may remove.
  static func operation(at path: String, below base: String) -> Operation? {
    let bases = PathSpellings.plain(base)
    for form in PathSpellings.plain(path) {
      if let operation = operation(form) { return operation }
      for base in bases where !base.isEmpty && form.hasPrefix(base + "/") {
        if let operation = operation(String(form.dropFirst(base.count))) { return operation }
      }
    }
    return nil
  }

  private static func operation(_ form: String) -> Operation? {
    let name = withoutVersion(form)
    return paid.first { $0.path == name }?.operation
  }

  private static let paid: [(path: String, operation: Operation)] = Catalogue.all.compactMap { operation in
    guard operation.safety == .paid, let endpoint = operation.endpoint else { return nil }
    return (withoutVersion(endpoint.path.lowercased()), operation)
  }

  /// `/api/open/v4/voice/tts` without the number of the version.
  private static func withoutVersion(_ path: String) -> String {
    let prefix = "/api/open/v"
    guard path.hasPrefix(prefix) else { return path }
    let rest = path.dropFirst(prefix.count).drop { $0.isASCII && $0.isNumber }
    return prefix + rest
  }
}
