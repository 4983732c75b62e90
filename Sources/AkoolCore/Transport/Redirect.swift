internal import CCurl

/// Where a redirect may lead: only what may be repeated follows one, only to https, and credentials never
/// leave the origin they were given for.
enum Redirect {
  static let maximumCount = 5

  /// The request to send next.
  static func next(_ request: HTTPRequest, _ location: String) throws(TransferFailure) -> HTTPRequest {
    guard request.isRepeatable, request.body == nil else {
      throw refusal("a redirect of a request that must not be sent twice")
    }
    guard let target = try resolve(location, against: request.url), let to = URLParts(target),
      let from = URLParts(request.url)
    else { throw refusal("a redirect to something that is no URL") }
    let isPlainLoopback = from.scheme == "http" && to.scheme == "http" && to.isLoopback
    guard to.scheme == "https" || isPlainLoopback else { throw refusal("a redirect from https to \(to.scheme)") }
    var next = request
    next.url = target
    if to.origin != from.origin { next.headers.removeAll { isPrivate($0.name) } }
    return next
  }

  /// Everything but what any browser would send: headers of the caller may hold secrets too.
  private static func isPrivate(_ name: String) -> Bool { !["accept", "user-agent"].contains(name.lowercased()) }

  /// Returns nil for an empty location, too, which libcurl 8 resolves to the base.
  private static func resolve(_ location: String, against base: String) throws(TransferFailure) -> String? {
    guard !location.isEmpty else { return nil }
    do throws(CurlURL.Fault) {
      let url = try CurlURL(base)
      try url.set(location)
      return try url.part(CURLUPART_URL)
    } catch {
      if error == .outOfMemory { throw TransferFailure(.local, "out of memory", delivery: .notSent) }
      return nil
    }
  }

  private static func refusal(_ text: String) -> TransferFailure {
    TransferFailure(.redirect, "\(text) was refused", delivery: .notSent)
  }
}
