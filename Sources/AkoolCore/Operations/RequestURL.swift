/// The URL that `request` really sends: normalised by libcurl's own parser, then judged.
struct RequestURL {
  static let maximumPathBytes = 4_096
  /// Stands for the host of the simulator in this process, whose scheme libcurl does not know.
  private static let simulatedBase = "http://simulator"

  /// The path below the base URL, and the query that came with it.
  let path: String
  let query: String?

  /// Normalises and judges a path. No mode of `validate` relaxes this: it is about credentials and money.
  ///
  /// - Throws: INVALID_ARGUMENT when the URL leads to another origin, out of the base URL's path or to a paid endpoint.
  init(_ given: String, _ configuration: Configuration) throws(AkoolError) {
    try Self.checkText(given)
    let baseText = configuration.isSimulated ? Self.simulatedBase : configuration.baseURL
    guard let base = try Self.parts(baseText), let url = try Self.parts(baseText + given), !url.hasUser,
      url.origin == base.origin
    else { throw Self.refused(given, "does not lead to the host of base_url", hint: "Begin the path with one slash.") }
    let basePath = base.path == "/" ? "" : base.path
    if let operation = PaidEndpoints.operation(at: url.path, below: basePath) {
      throw Self.refused(
        given, "costs money: use the operation \(operation.name) for it", hint: "Call \(operation.name) instead.")
    }
    guard Self.isBelow(basePath, url.path) else {
      throw Self.refused(given, "leads out of the path of base_url", hint: "Leave out the dots in the path.")
    }
    path = String(url.path.dropFirst(basePath.count))
    query = url.query
  }

  private static func checkText(_ given: String) throws(AkoolError) {
    guard given.utf8.count <= maximumPathBytes else {
      throw refused(given, "is longer than \(maximumPathBytes) bytes", hint: "Send long values in query or body.")
    }
    guard given.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw refused(given, "contains a blank or control character", hint: "Percent-encode it.")
    }
  }

  private static func parts(_ text: String) throws(AkoolError) -> URLParts? {
    do throws(CurlURL.Fault) { return try URLParts(parsing: text) } catch {
      throw AkoolError(.localIO, "request: out of memory", isRetryable: true)
    }
  }

  /// Compares every spelling: a server may decode the path before it removes dot segments.
  private static func isBelow(_ base: String, _ path: String) -> Bool {
    guard !base.isEmpty else { return true }
    guard path == base || path.hasPrefix(base + "/") else { return false }
    let bases = PathSpellings.plain(base)
    return PathSpellings.plain(path).allSatisfy { form in
      bases.contains { form == $0 || form.hasPrefix($0 + "/") }
    }
  }

  /// Names the path without its query, in which secrets are.
  private static func refused(_ given: String, _ fault: String, hint: String) -> AkoolError {
    let shown = String(given.prefix { $0 != "?" && $0 != "#" })
    return AkoolError(.invalidArgument, "request: path: \(ShortText.line(shown)) \(fault)", hint: hint)
  }
}
