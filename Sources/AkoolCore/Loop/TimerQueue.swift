/// A timer of an event loop. It fires once, on the loop's thread.
public final class LoopTimer {
  let deadline: Instant
  fileprivate let number: UInt64
  fileprivate let action: () -> Void
  fileprivate var position: Int?

  fileprivate init(_ deadline: Instant, _ number: UInt64, _ action: @escaping () -> Void) {
    self.deadline = deadline
    self.number = number
    self.action = action
  }
}

/// The timers of one event loop: a binary heap whose elements know their place, so that the many timers
/// that are cancelled, one for nearly every call, leave at once.
struct TimerQueue {
  private var heap: [LoopTimer] = []
  private var count: UInt64 = 0

  var isEmpty: Bool { heap.isEmpty }
  var nextDeadline: Instant? { heap.first?.deadline }

  mutating func add(_ deadline: Instant, _ action: @escaping () -> Void) -> LoopTimer {
    count += 1
    let timer = LoopTimer(deadline, count, action)
    timer.position = heap.count
    heap.append(timer)
    siftUp(heap.count - 1)
    return timer
  }

  mutating func remove(_ timer: LoopTimer) {
    guard let position = timer.position else { return }
    timer.position = nil
    let last = heap.removeLast()
    guard last !== timer else { return }
    heap[position] = last
    last.position = position
    siftUp(position)
    siftDown(last.position ?? position)
  }

  /// The number of the timer that was added last.
  var newest: UInt64 { count }

  /// Takes out the first timer that is due, unless it was added after timer `limit`.
  mutating func popDue(_ now: Instant, addedUpTo limit: UInt64 = .max) -> (() -> Void)? {
    guard let first = heap.first, first.deadline <= now, first.number <= limit else { return nil }
    remove(first)
    return first.action
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard isBefore(child, parent) else { return }
      exchange(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { return }
      let right = left + 1
      let child = right < heap.count && isBefore(right, left) ? right : left
      guard isBefore(child, parent) else { return }
      exchange(child, parent)
      parent = child
    }
  }

  /// Of timers with one deadline the older comes first.
  private func isBefore(_ first: Int, _ second: Int) -> Bool {
    (heap[first].deadline.nanoseconds, heap[first].number) < (heap[second].deadline.nanoseconds, heap[second].number)
  }

  private mutating func exchange(_ first: Int, _ second: Int) {
    heap.swapAt(first, second)
    heap[first].position = first
    heap[second].position = second
  }
}
