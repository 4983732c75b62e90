/// First in, first out. Each operation costs O(1), amortised; memory is given back after a burst.
struct Queue<Element> {
  private var elements: [Element?] = []
  private var head = 0

  var count: Int { elements.count - head }
  var isEmpty: Bool { count == 0 }
  var first: Element? { isEmpty ? nil : elements[head] }

  /// Number of elements that the queue has memory for.
  var capacity: Int { elements.capacity }

  mutating func append(_ element: Element) { elements.append(element) }

  /// The queue must not be empty.
  @discardableResult
  mutating func removeFirst() -> Element {
    guard head < elements.count, let element = elements[head] else { preconditionFailure("empty queue") }
    elements[head] = nil
    head += 1
    if head >= 64, head * 2 >= elements.count { dropHead() }
    return element
  }

  /// Moves at most as many elements as were removed since the last time.
  private mutating func dropHead() {
    if Memory.isWasted(capacity: elements.capacity, count: count) {
      elements = Array(elements[head...])
    } else {
      elements.removeFirst(head)
    }
    head = 0
  }

  mutating func removeAll() {
    elements.removeAll()
    head = 0
  }
}
