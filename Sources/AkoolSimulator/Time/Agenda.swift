/// What is to happen at which simulated instant: a binary heap, first by time, then by order of entry.
struct Agenda<Appointment> {
  private struct Entry {
    let time: Milliseconds
    let order: UInt64
    let appointment: Appointment

    func precedes(_ other: Entry) -> Bool { (time, order) < (other.time, other.order) }
  }

  private var heap: [Entry] = []
  private var nextOrder: UInt64 = 0

  mutating func add(_ appointment: Appointment, at time: Milliseconds) {
    heap.append(Entry(time: time, order: nextOrder, appointment: appointment))
    nextOrder += 1
    siftUp(heap.count - 1)
  }

  /// Takes out the earliest appointment whose time has come.
  mutating func next(until time: Milliseconds) -> (time: Milliseconds, appointment: Appointment)? {
    guard let first = heap.first, first.time <= time else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    siftDown(0)
    return (first.time, first.appointment)
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0, heap[index].precedes(heap[(index - 1) / 2]) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
      guard let least = children.min(by: { heap[$0].precedes(heap[$1]) }), heap[least].precedes(heap[index]) else {
        return
      }
      heap.swapAt(index, least)
      index = least
    }
  }
}
