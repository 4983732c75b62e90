import Testing

@testable import AkoolCore

@Suite struct QueueTests {
  @Test func queue_keepsOrder_whenOperationsAreRandom() {
    var random = SeededGenerator(seed: 3)
    var (queue, model) = (Queue<Int>(), [Int]())
    for number in 0..<5_000 {
      if model.isEmpty || Int.random(in: 0..<2_000, using: &random) > number {
        queue.append(number)
        model.append(number)
      } else {
        let (found, expected) = (queue.removeFirst(), model.removeFirst())
        #expect(found == expected)
      }
      #expect(queue.count == model.count && queue.first == model.first)
    }
  }

  @Test func queue_givesMemoryBack_whenItDrainsAfterBurst() {
    var queue = Queue<Int>()
    for number in 0..<100_000 { queue.append(number) }
    for _ in 0..<99_990 { queue.removeFirst() }
    #expect(queue.count == 10 && queue.first == 99_990 && queue.capacity <= 2_048)
  }

  @Test func places_areReused_afterRemoval() {
    var list = PlacedList<String>()
    let places = ["a", "b", "c"].map { list.append($0) }
    list.remove(places[1])
    #expect(list.next(places[0]) == places[2] && list.previous(places[2]) == places[0])
    let reused = list.append("d")
    #expect(reused == places[1])
    var found: [String] = []
    list.forEach { found.append($0) }
    #expect(found == ["a", "c", "d"] && list.count == 3)
  }
}
