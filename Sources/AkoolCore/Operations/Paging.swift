/// What the lists have in common that come in pages.
enum Paging {
  /// The most elements that `all` collects when nothing else is said.
  static let defaultLimit: Int64 = 10_000
  /// The most elements of a page that a caller may ask for, where AKOOL names no limit.
  private static let largestSize: Int64 = 1_000_000

  static func fields(defaultSize: Int64, maximumSize: Int64?) -> [Field] {
    [
      .own("page", .integer(minimum: 1, maximum: 1_000_000_000), "The page, from 1.", default: 1),
      .own(
        "size", .integer(minimum: 1, maximum: maximumSize ?? largestSize), "Elements per page.",
        default: .integer(defaultSize), within: .integer(minimum: 1, maximum: largestSize)),
      .own(
        "all", .boolean,
        "Whether to walk through all pages and reply with everything at once; pages of more than twice max_body_bytes in all end the walk, which is then not complete.",
        default: false),
      .own(
        "limit", .integer(minimum: 1, maximum: 1_000_000), "With all: how many elements to collect at most.",
        default: .integer(defaultLimit)),
    ]
  }

  /// The shape of a list; `more` are members that only some lists have.
  static func result(of element: Schema, _ more: [Field] = []) -> Schema {
    .object(
      ObjectSchema(
        [
          .optional("count", .integer(minimum: 0), "How many there are in all; absent where AKOOL does not say."),
          .required("result", .array(of: element), "The elements of the page, or of all pages."),
          .optional(
            "complete", .boolean,
            "With all: false when limit or twice max_body_bytes was reached, or when AKOOL sent the same page again and again."
          ),
        ] + more, isOpen: true))
  }

  @Sendable static func check(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    let isWalk = parameters["all"]?.bool == true
    if isWalk, parameters["page"] != nil { validator.report("page", "must not be given together with all") }
    if !isWalk, parameters["limit"] != nil { validator.report("limit", "only goes with \"all\": true") }
  }
}

/// A list of AKOOL that comes in pages.
struct PagedList: Sendable {
  let endpoint: Endpoint
  /// What a page holds when all are walked through, unless the caller says otherwise.
  let size: Int64
  let element: @Sendable (JSONObject) -> JSONObject

  init(
    _ endpoint: Endpoint, size: Int64,
    _ element: @escaping @Sendable (JSONObject) -> JSONObject = Normaliser.identified
  ) {
    self.endpoint = endpoint
    self.size = size
    self.element = element
  }
}

extension ClientCore {
  /// One page of a list, or with `all` everything.
  func list(_ list: PagedList, _ given: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    var parameters = given
    parameters["all"] = nil
    parameters["limit"] = nil
    guard given["all"]?.bool == true else {
      return try await page(list.endpoint.request(parameters, .safe), call, list.element)
    }
    if parameters["size"] == nil { parameters["size"] = .integer(list.size) }
    let walk = PageWalk(
      limit: Int(given["limit"]?.integer ?? Paging.defaultLimit), maximumBytes: 2 * Int(configuration.limits.bodyBytes))
    while walk.isUnderWay {
      parameters["page"] = .integer(walk.nextPage)
      try await page(list.endpoint.request(parameters, .safe), call, list.element) { page, bytes in
        walk.take(page, bytes: bytes)
      }
    }
    if walk.repeatsItself {
      log(.warning, "\(call.operation): AKOOL sent a page again in place of the next one; the list may be incomplete")
    }
    return walk.json
  }
}

/// Collects the pages of a list that may change meanwhile.
final class PageWalk: @unchecked Sendable {
  // Used by one thread at a time: the loop waits while the worker takes a large page, and does not use it again when
  // it stops waiting.
  private(set) var nextPage: Int64 = 1
  private(set) var isUnderWay = true
  /// Whether a page brought nothing but what was known although there was to be more.
  private(set) var repeatsItself = false
  private let limit: Int
  /// Size of the pages from which no further one is asked for, in bytes.
  private let maximumBytes: Int
  private var bytes = 0
  private var found: [JSON] = []
  private var known = Set<String>()
  private var count: JSON?
  private var firstSize = 0
  private var isComplete = false

  init(limit: Int, maximumBytes: Int) {
    self.limit = limit
    self.maximumBytes = maximumBytes
  }

  func take(_ page: JSON, bytes: Int) {
    self.bytes += bytes
    collect(page)
    // Freed here, where a large page is taken off the loop.
    if !isUnderWay { known = [] }
  }

  private func collect(_ page: JSON) {
    let elements = page["result"]?.array ?? []
    let fresh = elements.filter { known.insert(Self.identity($0)).inserted }
    count = page["count"]
    if nextPage == 1 { firstSize = elements.count }
    nextPage += 1
    found += fresh.prefix(limit - found.count)
    // The server may have pages that are smaller than what was asked for: the first tells.
    let isLast = Normaliser.number(count).map { known.count >= $0 } ?? (elements.count < firstSize)
    if isLast || elements.isEmpty || found.count == limit {
      isComplete = (isLast || elements.isEmpty) && known.count <= limit
      isUnderWay = false
    } else if fresh.isEmpty {
      repeatsItself = true
      isUnderWay = false
    } else if bytes > maximumBytes {
      isUnderWay = false
    }
  }

  var json: JSON {
    var object = JSONObject()
    object["count"] = count
    object["result"] = .array(found)
    object["complete"] = .bool(isComplete)
    return .object(object)
  }

  private static func identity(_ element: JSON) -> String {
    for key in ["_id", "avatar_id", "voice_id"] {
      if let id = element[key]?.string { return id }
    }
    return element.serialized()
  }
}
