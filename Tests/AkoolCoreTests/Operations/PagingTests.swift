import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct PagingTests {
  private static func entries(_ ids: some Sequence<Int>) -> JSON {
    .array(ids.map { ["_id": .string("id\($0)"), "name": "n"] })
  }

  /// A service whose page `n` is what `pages` has at `n - 1`; pages behind the end are empty.
  private static func service(_ pages: [JSON], counts: Bool = false) throws -> TestClient {
    let total = pages.reduce(0) { $0 + ($1.array?.count ?? 0) }
    return try TestClient { request, _ in
      let query = request.url.split(separator: "?").last ?? ""
      let number = query.split(separator: "&").first { $0.hasPrefix("page=") }.flatMap { Int($0.dropFirst(5)) } ?? 1
      let page = number <= pages.count ? pages[number - 1] : []
      return Answer.ok(counts ? ["count": .integer(Int64(total)), "result": page] : page)
    }
  }

  private func ids(_ data: JSON) -> [String] { (data["result"]?.array ?? []).compactMap { $0["_id"]?.string } }

  @Test(arguments: [false, true]) func allWalksThroughEveryPage(_ counts: Bool) throws {
    let test = try Self.service([Self.entries(0..<3), Self.entries(3..<6), Self.entries(6..<7)], counts: counts)
    let data = try test.data("session.list", ["all": true, "size": 3])
    #expect(ids(data) == (0..<7).map { "id\($0)" })
    #expect(data["complete"] == true && test.log.count == 3)
    try test.client.destroy()
  }

  /// Whatever is added in front while the pages are read moves the rest to later pages.
  @Test func elementsThatMoveToTheNextPageComeOnce() throws {
    let test = try Self.service([Self.entries(0..<4), Self.entries(2..<6), Self.entries(5..<7)])
    let data = try test.data("knowledge.list", ["all": true, "size": 4])
    #expect(ids(data) == (0..<7).map { "id\($0)" } && data["complete"] == true)
    try test.client.destroy()
  }

  @Test(arguments: [false, true]) func aServerThatIgnoresThePageIsNoticed(_ counts: Bool) throws {
    let test = try TestClient { _, _ in
      Answer.ok(counts ? ["count": 150, "result": Self.entries(0..<100)] : Self.entries(0..<100))
    }
    let data = try test.data("session.list", ["all": true])
    #expect(ids(data).count == 100 && data["complete"] == false)
    #expect(test.log.count == 2)
    try test.client.destroy()
  }

  @Test func aListThatNeverEndsStopsAtTheLimit() throws {
    let test = try TestClient { _, number in Answer.ok(Self.entries((number * 10)..<(number * 10 + 10))) }
    let data = try test.data("avatar.list_v3", ["all": true, "size": 10, "limit": 25])
    #expect(ids(data).count == 25 && data["complete"] == false && test.log.count == 3)
    try test.client.destroy()
  }

  @Test func walk_endsIncomplete_whenPagesHaveTwiceTheBytesOfAReply() throws {
    let test = try TestClient(["max_body_bytes": 1024]) { _, number in
      Answer.ok(Self.entries((number * 10)..<(number * 10 + 10)))
    }
    let data = try test.data("avatar.list_v3", ["all": true, "size": 10])
    #expect(data["complete"] == false && ids(data).count == 10 * test.log.count)
    // A page has some 330 bytes.
    #expect((4...10).contains(test.log.count))
    try test.client.destroy()
  }

  @Test func aListThatEndsAtTheLimitIsComplete() throws {
    let test = try Self.service([Self.entries(0..<3), Self.entries(3..<5)], counts: true)
    let data = try test.data("voice.list", ["type": "2", "all": true, "size": 3, "limit": 5])
    #expect(ids(data).count == 5 && data["complete"] == true)
    try test.client.destroy()
  }

  /// A server may have smaller pages than it was asked for.
  @Test func smallerPagesThanAskedForAreNotTheEnd() throws {
    let test = try Self.service([Self.entries(0..<2), Self.entries(2..<4), Self.entries(4..<5)])
    #expect(ids(try test.data("knowledge.list", ["all": true])).count == 5)
    try test.client.destroy()
  }

  /// For any list, cut into pages of any size, that changes in any way between them: no duplicate, and an end.
  @Test func anyChangeBetweenPagesYieldsNoDuplicate() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<40 {
      var list = Array(0..<Int.random(in: 0...30, using: &random))
      let size = Int.random(in: 1...7, using: &random)
      var pages: [JSON] = []
      for number in 0..<60 {
        let start = min(number * size, list.count)
        pages.append(Self.entries(list[start..<min(start + size, list.count)]))
        if Bool.random(using: &random) { list.insert(1000 + number, at: 0) }
        if Bool.random(using: &random), !list.isEmpty {
          list.remove(at: Int.random(in: 0..<list.count, using: &random))
        }
      }
      let test = try Self.service(pages)
      let found = ids(try test.data("session.list", ["all": true, "size": .integer(Int64(size))]))
      #expect(Set(found).count == found.count)
      try test.client.destroy()
    }
  }

  @Test func pageAndAllExcludeEachOther() throws {
    let test = try TestClient { _, _ in Answer.ok([]) }
    #expect(try test.error("session.list", ["all": true, "page": 2])["code"] == "INVALID_ARGUMENT")
    #expect(try test.error("session.list", ["limit": 2])["code"] == "INVALID_ARGUMENT")
    #expect(test.log.count == 0)
    try test.client.destroy()
  }
}
