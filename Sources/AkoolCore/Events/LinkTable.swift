/// Links of doubly linked lists whose members are places of one array. A place is in at most one list.
struct LinkTable {
  /// The ends of one list.
  struct List: Equatable {
    fileprivate(set) var first: Int?
    fileprivate(set) var last: Int?

    var isEmpty: Bool { first == nil }
  }

  /// Places as 32 bits, -1 for none: a reply in the event stream needs no more.
  private struct Link {
    var previous: Int32 = -1
    var next: Int32 = -1
  }

  private var links: [Link] = []

  func previous(_ place: Int) -> Int? { Self.place(links[place].previous) }

  func next(_ place: Int) -> Int? { Self.place(links[place].next) }

  mutating func append(_ place: Int, to list: inout List) {
    while links.count <= place { links.append(Link()) }
    links[place] = Link(previous: Self.number(list.last), next: -1)
    if let last = list.last { links[last].next = Int32(place) } else { list.first = place }
    list.last = place
  }

  /// The place must be in the list.
  mutating func remove(_ place: Int, from list: inout List) {
    let (previous, next) = (previous(place), next(place))
    if let previous { links[previous].next = Self.number(next) } else { list.first = next }
    if let next { links[next].previous = Self.number(previous) } else { list.last = previous }
    links[place] = Link()
  }

  private static func place(_ number: Int32) -> Int? { number < 0 ? nil : Int(number) }

  private static func number(_ place: Int?) -> Int32 { place.map(Int32.init) ?? -1 }
}
