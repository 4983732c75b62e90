internal import AkoolCore

/// The latest requests in order, and counts of all there ever were. Bounded in number and in bytes.
struct RequestLog {
  /// Most bytes of all bodies together. Beyond them the oldest bodies go, and their sizes stay.
  private static let maximumBytes = 8 << 20

  private let capacity: Int
  private var bytes = 0
  /// Number of the oldest request whose body may still be there.
  private var oldestBody: Int64 = 1
  /// A ring once it is full: request `n` lies at `(n - 1) % capacity`.
  private var entries: [LoggedRequest] = []
  private(set) var count: Int64 = 0
  private(set) var countByOperation: [String: Int64] = [:]

  init(capacity: Int64) { self.capacity = Int(capacity) }

  var nextNumber: Int64 { count + 1 }

  var dropped: Int64 { count - Int64(entries.count) }

  /// Adds the request with `nextNumber`.
  mutating func add(_ entry: LoggedRequest) {
    count += 1
    countByOperation[entry.operation ?? "unknown", default: 0] += 1
    bytes += entry.body?.count ?? 0
    if entries.count < capacity {
      entries.append(entry)
    } else {
      bytes -= entries[slot(count)].body?.count ?? 0
      entries[slot(count)] = entry
    }
    dropBodies()
  }

  private mutating func dropBodies() {
    oldestBody = max(oldestBody, dropped + 1)
    while bytes > Self.maximumBytes, oldestBody < count {
      bytes -= entries[slot(oldestBody)].body?.count ?? 0
      entries[slot(oldestBody)].body = nil
      oldestBody += 1
    }
  }

  /// Does nothing to a request that is no longer kept.
  mutating func change(_ number: Int64, _ body: (inout LoggedRequest) -> Void) {
    guard number > dropped, number <= count else { return }
    body(&entries[slot(number)])
  }

  /// Those behind a number.
  func since(_ number: Int64) -> some Sequence<LoggedRequest> {
    let first = max(number, dropped) + 1
    return (min(first, count + 1)..<count + 1).lazy.map { entries[slot($0)] }
  }

  private func slot(_ number: Int64) -> Int { Int((number - 1) % Int64(capacity)) }
}
