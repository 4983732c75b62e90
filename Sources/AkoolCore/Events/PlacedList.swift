/// A list in which an element keeps its place, a number, until it is removed.
///
/// Every operation costs O(1), amortised.
struct PlacedList<Element> {
  private var elements: [Element?] = []
  private var free: [Int32] = []
  private var links = LinkTable()
  private var order = LinkTable.List()

  var isEmpty: Bool { order.isEmpty }
  var count: Int { elements.count - free.count }

  /// Number of elements that the list has memory for.
  var capacity: Int { elements.capacity }

  /// True when the list should be built anew, to give memory back after a burst.
  var isSparse: Bool { elements.count > Memory.kept && count < elements.count / 4 }

  /// The place of the first element.
  var first: Int? { order.first }

  func previous(_ place: Int) -> Int? { links.previous(place) }

  func next(_ place: Int) -> Int? { links.next(place) }

  /// The element at a place that is in use.
  subscript(place: Int) -> Element {
    get {
      // A place is free only after its owner removed it, and no place comes from outside the library.
      guard let element = elements[place] else { preconditionFailure("a free place") }
      return element
    }
    set { elements[place] = newValue }
  }

  mutating func append(_ element: Element) -> Int {
    let place: Int
    if let reused = free.popLast() {
      place = Int(reused)
      elements[place] = element
    } else {
      place = elements.count
      elements.append(element)
    }
    links.append(place, to: &order)
    return place
  }

  @discardableResult
  mutating func remove(_ place: Int) -> Element {
    let element = self[place]
    elements[place] = nil
    links.remove(place, from: &order)
    free.append(Int32(place))
    return element
  }

  /// Calls a function with each element, in order.
  func forEach(_ body: (Element) -> Void) {
    var place = first
    while let here = place {
      body(self[here])
      place = next(here)
    }
  }
}

/// The rule by which collections give memory back.
enum Memory {
  /// Number of elements whose memory is kept however few are in use.
  static let kept = 1024

  /// Returns true if a collection has memory for more than four times its elements.
  static func isWasted(capacity: Int, count: Int) -> Bool { capacity > kept && count < capacity / 4 }
}
