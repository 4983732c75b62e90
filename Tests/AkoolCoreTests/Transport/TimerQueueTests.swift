import Testing

@testable import AkoolCore

@Suite struct TimerQueueTests {
  /// Any sequence of adding and removing fires what is left, in the order of the deadlines.
  @Test func firesInOrderWhatWasNotRemoved() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      var queue = TimerQueue()
      var fired: [UInt64] = []
      var expected: [UInt64] = []
      var timers: [(UInt64, LoopTimer)] = []
      for _ in 0..<60 {
        if Int.random(in: 0..<3, using: &random) > 0 || timers.isEmpty {
          let deadline = UInt64.random(in: 1...40, using: &random)
          timers.append((deadline, queue.add(Instant(nanoseconds: deadline)) { fired.append(deadline) }))
        } else {
          let (_, timer) = timers.remove(at: Int.random(in: 0..<timers.count, using: &random))
          queue.remove(timer)
          queue.remove(timer)
        }
      }
      expected = timers.map(\.0).sorted()
      while let action = queue.popDue(Instant(nanoseconds: 40)) { action() }
      #expect(fired == expected)
      #expect(queue.isEmpty)
    }
  }

  @Test func waitsForTheDeadline() {
    var queue = TimerQueue()
    _ = queue.add(Instant(nanoseconds: 10)) {}
    #expect(queue.popDue(Instant(nanoseconds: 9)) == nil)
    #expect(queue.nextDeadline == Instant(nanoseconds: 10))
  }
}
