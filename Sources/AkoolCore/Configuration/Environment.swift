internal import Glibc

/// The environment variables that matter, read once, on the host's thread: `getenv` on ours would race
/// with the host's `setenv`.
struct Environment: Sendable {
  private let variables: [String: String]

  static let empty = Environment([:])

  static var process: Environment {
    let names = [
      "AKOOL_API_KEY", "AKOOL_TOKEN", "AKOOL_CLIENT_ID", "AKOOL_CLIENT_SECRET", "AKOOL_BASE_URL",
      "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy",
    ]
    return Environment(Dictionary(uniqueKeysWithValues: names.compactMap { name in read(name).map { (name, $0) } }))
  }

  init(_ variables: [String: String]) { self.variables = variables }

  /// An empty variable counts as not set.
  subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  var proxy: String {
    self["HTTPS_PROXY"] ?? self["https_proxy"] ?? self["ALL_PROXY"] ?? self["all_proxy"] ?? ""
  }

  var noProxy: String { self["NO_PROXY"] ?? self["no_proxy"] ?? "" }

  private static func read(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
