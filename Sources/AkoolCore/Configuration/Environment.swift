internal import Glibc

/// The environment variables that matter, read once, on the host's thread: `getenv` on ours would race
/// with the host's `setenv`.
struct Environment: Sendable {
  private let variables: [String: String]

  static let empty = Environment([:])

  static var process: Environment {
    let names = [
      "AKOOL_API_KEY", "AKOOL_TOKEN", "AKOOL_CLIENT_ID", "AKOOL_CLIENT_SECRET", "AKOOL_BASE_URL",
      "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]
    return Environment(Dictionary(uniqueKeysWithValues: names.compactMap { name in read(name).map { (name, $0) } }))
  }

  init(_ variables: [String: String]) { self.variables = variables }

  /// An empty variable counts as not set.
  subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// Returns the proxy for URLs of a scheme, by curl's rules. HTTP_PROXY is not read: a CGI server fills it with a
  /// visitor's header.
  func proxy(scheme: String) -> String {
    let own = scheme == "https" ? self["https_proxy"] ?? self["HTTPS_PROXY"] : self["http_proxy"]
    return own ?? self["all_proxy"] ?? self["ALL_PROXY"] ?? ""
  }

  var noProxy: String { self["no_proxy"] ?? self["NO_PROXY"] ?? "" }

  private static func read(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
