/// The server's time, reckoned from the `Date` headers of its replies: what is paid for goes by that clock, and the ids
/// of sessions tell when it made them. Our own calendar may be wrong.
struct ServerClock {
  /// How far a reckoning may be off, in milliseconds: `Date` has whole seconds, and a reply takes its time.
  static let uncertainty: Int64 = 1_500

  private var lastText = ""
  private var lastDate: Int64?
  /// The server's time less ours since boot, in milliseconds.
  private var offset: Int64?

  var isKnown: Bool { offset != nil }

  /// Takes a reply's `Date`, as it came.
  mutating func note(_ text: String, sinceBoot now: Instant) {
    if text != lastText {
      lastText = text
      lastDate = HTTPDate.milliseconds(text)
    }
    guard let lastDate else { return }
    let earliest = lastDate - now.milliseconds
    offset = min(max(offset ?? earliest + 500, earliest), earliest + 999)
  }

  /// The server's time in Unix milliseconds; nil before the first reply.
  func now(sinceBoot now: Instant) -> Int64? { offset.map { now.milliseconds + $0 } }
}

extension Instant {
  /// In whole milliseconds.
  var milliseconds: Int64 { Int64(clamping: nanoseconds / 1_000_000) }
}

/// The 24 hexadecimal digits by which the service calls its records. The first eight are a time.
enum ObjectID {
  /// When the service made the record, in Unix milliseconds.
  static func creation(_ id: String) -> Int64? {
    guard id.utf8.count == 24, let seconds = Int64(id.prefix(8), radix: 16) else { return nil }
    return seconds * 1000
  }
}
