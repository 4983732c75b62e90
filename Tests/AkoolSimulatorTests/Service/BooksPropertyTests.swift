import AkoolCore
import AkoolSimulator
import Testing

/// Whatever happens in whatever order, the money adds up and no avatar serves two.
@Suite struct BooksPropertyTests {
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private static let avatars = [Scene.avatar, "dvp_Emma_agora", "SIMULATED_Ada_1080P", "nobody"]
  private static let faults: [JSON] = [
    ["reset": "before_handling"], ["reset": "after_handling"], ["handle_later_s": 4], ["session_fails_s": 9],
    ["http_status": 500], ["http_status": 500, "handled": true], ["lost": true], ["data_null": true],
    ["duplicate_after_s": 6], ["lost": true, "handle_later_s": 3],
    ["handle_later_s": 2, "duplicate_after_s": 6, "session_fails_s": 9],
  ]

  @Test(arguments: 1...24 as ClosedRange<UInt64>) func theBooksAddUp(seed: UInt64) throws {
    var dice = Dice(state: seed &* 0x9E37_79B9_7F4A_7C15)
    let scene = try Scene(options(seed))
    var ids: [String] = []
    for _ in 0..<300 {
      step(scene, &ids, &dice)
      check(scene.books)
    }
    try checkAgainstLog(scene)
    scene.admin("DELETE", "faults")
    scene.advance(10_000)
    #expect(scene.books["open_sessions"] == 0)
    #expect(scene.books["refund_pending"] == 0)
    check(scene.books)
  }

  private func options(_ seed: UInt64) -> JSON {
    [
      "seed": .integer(Int64(seed)), "credit": 300, "credit_per_second": 0.7,
      "refund_delay_s": .integer(Int64(seed % 3) * 5), "close_takes_s": .integer(Int64(seed % 2) * 3),
      "busy_after_close_s": .integer(Int64(seed % 4)), "billing_unit_s": seed.isMultiple(of: 5) ? 60 : 1,
    ]
  }

  private func step(_ scene: Scene, _ ids: inout [String], _ dice: inout Dice) {
    switch Int.random(in: 0..<10, using: &dice) {
    case 0...3: create(scene, &ids, &dice)
    case 4...6: scene.close(ids.randomElement(using: &dice) ?? "nobody")
    case 7, 8: scene.advance(Int64.random(in: 0...40, using: &dice))
    default:
      let fault = Self.faults.randomElement(using: &dice) ?? .null
      scene.fault(["every": 2, "times": 3], fault)
    }
  }

  private func create(_ scene: Scene, _ ids: inout [String], _ dice: inout Dice) {
    let avatar = Self.avatars.randomElement(using: &dice) ?? ""
    let seconds = Double(Int.random(in: 1...1200, using: &dice)) / 8
    let received = scene.createSession(["avatar_id": .string(avatar), "duration": .number(seconds)])
    if let id = received.json.value(at: "/data/_id")?.string { ids.append(id) }
  }

  private func micros(_ json: JSON?) -> Int64 { Int64(((json?.double ?? .nan) * 1_000_000).rounded()) }

  private func check(_ books: JSON) {
    let sessions = books["sessions"]?.array ?? []
    #expect(
      micros(books["credit"]) == micros(books["initial_credit"]) - micros(books["charged"]) + micros(books["refunded"]))
    #expect(micros(books["credit"]) >= 0)
    #expect(micros(books["charged"]) == sessions.reduce(0) { $0 + micros($1["charged"]) })
    #expect(micros(books["refunded"]) == sessions.reduce(0) { $0 + micros($1["refunded"]) })
    for session in sessions {
      #expect(micros(session["refunded"]) + micros(session["refund_pending"]) <= micros(session["charged"]))
    }
    let open = sessions.filter { $0["open"] == true }.compactMap { $0["avatar_id"]?.string }
    #expect(Set(open).count == open.count, "an avatar serves two sessions")
    #expect(books["open_sessions"] == .integer(Int64(open.count)))
  }

  /// Every session in the books is a handled create in the log, and the other way round.
  private func checkAgainstLog(_ scene: Scene) throws {
    let created = scene.logLines.filter { $0["operation"] == "session.create" && $0["outcome"] == 1000 }
    let sessions = scene.books["sessions"]?.array ?? []
    #expect(Set(created.compactMap { $0["subject"]?.string }) == Set(sessions.compactMap { $0["_id"]?.string }))
    #expect(created.count == sessions.count)
    for line in created {
      let session = try #require(sessions.first { $0["request"] == line["n"] })
      let seconds = try #require(line.value(at: "/body/duration")?.double)
      #expect(abs(micros(session["charged"]) - Int64((seconds * 700_000).rounded())) <= 1)
      #expect(session["opened_at"] == line["handled_at"])
    }
  }
}
