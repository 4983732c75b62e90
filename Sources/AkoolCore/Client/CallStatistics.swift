/// What a client has done so far, in constant memory.
struct CallStatistics {
  var attempts: Int64 = 0
  private var calls: Int64 = 0
  private var results: [ResultCode: Int64] = [:]
  private var retries: [String: Int64] = [:]
  private var latencies: [String: LatencyHistogram] = [:]

  mutating func count(_ call: CallContext, _ result: ResultCode) {
    calls += 1
    results[result, default: 0] += 1
    latencies[call.operation, default: LatencyHistogram()].add(call.scope.now.nanoseconds &- call.started.nanoseconds)
  }

  mutating func countRetry(_ reason: String) { retries[reason, default: 0] += 1 }

  var json: JSONObject {
    [
      "calls": .integer(calls), "attempts": .integer(attempts),
      "results": Self.sorted(results.map { ($0.key.name, .integer($0.value)) }),
      "retries": Self.sorted(retries.map { ($0.key, .integer($0.value)) }),
      "latency_ms": Self.sorted(latencies.map { ($0.key, $0.value.json) }),
    ]
  }
}

extension CallStatistics {
  /// An object with its members in the order of their names: the order of a dictionary changes from run to run.
  fileprivate static func sorted(_ members: [(String, JSON)]) -> JSON {
    .object(JSONObject(members.sorted { $0.0 < $1.0 }))
  }
}

/// Times in buckets that grow by a quarter of an octave: percentiles within 19 % in 1 KB.
struct LatencyHistogram {
  private static let bucketCount = 128
  private var buckets = [UInt32](repeating: 0, count: bucketCount)
  private var total: UInt64 = 0
  private var longest: UInt64 = 0

  mutating func add(_ nanoseconds: UInt64) {
    buckets[Self.bucket(nanoseconds)] &+= 1
    total += 1
    longest = max(longest, nanoseconds)
  }

  var json: JSON {
    [
      "count": .integer(Int64(clamping: total)), "p50": percentile(50), "p90": percentile(90), "p99": percentile(99),
      "max": Self.milliseconds(longest),
    ]
  }

  private func percentile(_ percent: UInt64) -> JSON {
    let rank = (total * percent + 99) / 100
    var seen: UInt64 = 0
    for (index, count) in buckets.enumerated() {
      seen += UInt64(count)
      if seen >= rank, seen > 0 { return Self.milliseconds(min(longest, Self.upperBound(index))) }
    }
    return Self.milliseconds(longest)
  }

  /// The octave of the time in microseconds, and its two bits below the leading one.
  private static func bucket(_ nanoseconds: UInt64) -> Int {
    let microseconds = nanoseconds / 1000
    guard microseconds >= 4 else { return Int(microseconds) }
    let octave = 63 - microseconds.leadingZeroBitCount
    let quarter = Int(microseconds >> UInt64(octave - 2)) & 3
    return min(bucketCount - 1, octave * 4 + quarter - 4)
  }

  private static func upperBound(_ bucket: Int) -> UInt64 {
    guard bucket >= 4 else { return UInt64(bucket + 1) * 1000 }
    let octave = UInt64(bucket + 4) / 4
    let quarter = UInt64(bucket + 4) % 4
    return ((5 + quarter) << (octave - 2)) * 1000
  }

  /// With three digits after the point.
  private static func milliseconds(_ nanoseconds: UInt64) -> JSON {
    .number((Double(nanoseconds) / 1000).rounded() / 1000)
  }
}
