/// Says from time to time how far a download is.
struct ResourceProgress {
  /// In milliseconds.
  private static let pause: Int64 = 500

  private let path: String
  private var next: Instant?
  var contentType: String?

  init(_ request: ResourceRequest) { path = request.path }

  /// Nil when the last one was told only just.
  mutating func event(_ file: PartialFile, _ now: Instant) -> Event? {
    if let next, now < next { return nil }
    next = now.adding(milliseconds: Self.pause)
    var members: JSONObject = ["path": .string(path), "bytes": .integer(file.length)]
    members["total"] = file.source?.size.map(JSON.integer)
    return Event(.resourceDownloading, members, importance: .progress(subject: path))
  }
}
