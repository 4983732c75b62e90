import Testing

@testable import AkoolCore

@Suite struct LatencyHistogramTests {
  /// A percentile is never below the true one and at most 25 % above it.
  @Test func percentilesAreNear() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<100 {
      var histogram = LatencyHistogram()
      let times = (0..<500).map { _ in
        UInt64.random(in: 4_000...UInt64.random(in: 5_000...9_000_000_000, using: &random), using: &random)
      }
      for time in times { histogram.add(time) }
      for (name, percent) in [("p50", 50), ("p90", 90), ("p99", 99)] {
        let exact = Double(times.sorted()[500 * percent / 100 - 1]) / 1e6
        let value = try #require(histogram.json[name]?.double)
        #expect(value >= exact - 0.001 && value <= exact * 1.25 + 0.002, "\(name) \(value) \(exact)")
      }
    }
  }
}
