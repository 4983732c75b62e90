/// First in, first out, without moving what stays.
struct Queue<Element> {
  private var elements: [Element?] = []
  private var head = 0

  var count: Int { elements.count - head }
  var isEmpty: Bool { count == 0 }
  var first: Element? { isEmpty ? nil : elements[head] }

  mutating func append(_ element: Element) { elements.append(element) }

  /// The queue must not be empty.
  @discardableResult
  mutating func removeFirst() -> Element {
    guard head < elements.count, let element = elements[head] else { preconditionFailure("empty queue") }
    elements[head] = nil
    head += 1
    if head >= 64, head * 2 >= elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }

  /// The place of the first element, counted from the head, that fits.
  func firstIndex(where fits: (Element) -> Bool) -> Int? {
    for index in head..<elements.count {
      if let element = elements[index], fits(element) { return index - head }
    }
    return nil
  }

  mutating func remove(at index: Int) { elements.remove(at: head + index) }

  mutating func removeAll() {
    elements.removeAll()
    head = 0
  }
}
