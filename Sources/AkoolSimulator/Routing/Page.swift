internal import AkoolCore

/// Which part of a list is wanted.
struct Page {
  let number: Int
  let size: Int
  /// Number of entries by which a fault moves the page.
  private let shift: Int

  /// - Parameter cap: what a page holds at most, whatever is asked for.
  init(_ call: Call, size range: ClosedRange<Int>, defaultSize: Int, cap: Int = .max) throws(Refusal) {
    let asked = try call.integer("page", 1...Int.max, default: 1) ?? 1
    number = call.fault?.pageNumber ?? asked
    shift = call.fault?.pageShift ?? 0
    size = min(try call.integer("size", range, default: defaultSize) ?? defaultSize, cap)
  }

  /// Empty for a page behind the end.
  func slice<Element>(of elements: [Element]) -> ArraySlice<Element> {
    let (start, overflow) = (number - 1).multipliedReportingOverflow(by: size)
    let first = max(0, (overflow ? elements.count : min(start, elements.count)) + shift)
    guard first < elements.count else { return [] }
    return elements[first..<first + min(size, elements.count - first)]
  }

  /// The page as the lists of voices have it.
  func json<Element>(_ matches: [Element], _ entry: (Element) -> JSON) -> JSON {
    let result = slice(of: matches).map(entry)
    return .object(
      JSONObject([
        ("result", .array(result)), ("count", .integer(Int64(matches.count))), ("page", .integer(Int64(number))),
        ("size", .integer(Int64(size))),
      ]))
  }
}
