import AkoolCore
import Testing

/// Guards and the gate: what may be open and spent.
@Suite(.timeLimit(.minutes(1))) struct SpendingTests {
  private func refusal(
    _ limits: JSON, after prepare: (SessionScene) throws -> Void = { _ in }
  ) throws -> (JSON, Int) {
    let scene = try SessionScene(["limits": limits])
    try prepare(scene)
    let before = scene.test.log.matching("/create").count
    let error = try scene.test.error("session.create", ["avatar_id": "a", "duration": 100])
    let sent = scene.test.log.matching("/create").count - before
    try scene.test.client.destroy()
    return (error, sent)
  }

  @Test(
    arguments: [
      (["session_seconds": 99], "session_seconds"), (["open_sessions": 0], "open_sessions"),
      (["seconds_per_hour": 99], "seconds_per_hour"), (["seconds_per_day": 99], "seconds_per_day"),
      (["min_credit": 101], "min_credit"),
    ] as [(JSON, String)])
  func aLimitRefusesBeforeAnythingIsPaid(_ limits: JSON, _ name: String) throws {
    let (error, sent) = try refusal(limits)
    #expect(error["code"] == "LOCAL_LIMIT" && error["details"]?["limit"]?.string == name)
    #expect(sent == 0)
  }

  @Test func secondsThatWereRefundedCountNoMore() throws {
    let scene = try SessionScene(["limits": ["seconds_per_hour": 150]])
    let id = try scene.create()
    #expect(try scene.test.error("session.create", ["avatar_id": "a", "duration": 100])["code"] == "LOCAL_LIMIT")
    _ = try scene.test.data("session.close", ["id": .string(id)])
    _ = try scene.create()
    try scene.test.client.destroy()
  }

  @Test func anHourLaterTheSecondsAreFreeAgain() throws {
    let scene = try SessionScene(["limits": ["seconds_per_hour": 150]])
    _ = try scene.create()
    try scene.advance(milliseconds: 3_601_000)
    _ = try scene.create()
    try scene.test.client.destroy()
  }

  @Test(arguments: [("seconds_per_hour", 3_600_000), ("seconds_per_day", 86_400_000)] as [(String, Int64)])
  func secondsLimit_refusesCreates_whenItsSpanHasNotPassed(_ limit: String, _ span: Int64) throws {
    let scene = try SessionScene(["limits": [limit: 150]])
    _ = try scene.create()
    try scene.advance(milliseconds: span - 60_000)
    #expect(try scene.test.error("session.create", ["avatar_id": "a", "duration": 100])["code"] == "LOCAL_LIMIT")
    try scene.advance(milliseconds: 61_000)
    _ = try scene.create()
    try scene.test.client.destroy()
  }

  @Test func create_leavesTheQueue_whenItsSlotWaitEnds() throws {
    let scene = try SessionScene(["limits": ["open_sessions": 1]])
    let first = try scene.create(["duration": 3_600])
    let late = try scene.call("session.create", ["avatar_id": "a", "slot_wait_ms": 2_000])
    #expect(late.result == .localLimit)
    _ = try scene.test.data("session.close", ["id": .string(first)])
    _ = try scene.create()
    try scene.test.client.destroy()
  }

  @Test func create_isRefused_whenAnEarlierOneWaitsForTheFreeSlot() throws {
    let scene = try SessionScene(["limits": ["open_sessions": 1]])
    let first = try scene.create()
    let waiting = try scene.test.client.submit(
      operation: "session.create", parameters: .success(["avatar_id": "a", "slot_wait_ms": 60_000]),
      options: .success(["timeout_ms": 120_000]), delivery: .wait)
    // Proves that the create has tried and waits.
    _ = try scene.test.client.call("client.stats")
    _ = try scene.test.data("session.close", ["id": .string(first)])
    #expect(try scene.test.error("session.create", ["avatar_id": "a"])["code"] == "LOCAL_LIMIT")
    #expect(try scene.reply(waiting).result == .ok)
    try scene.test.client.destroy()
  }

  @Test func aCreateWaitsForASlotInItsTurn() throws {
    let scene = try SessionScene(["limits": ["open_sessions": 1]])
    let first = try scene.create()
    let waiting = try (0..<3).map { number in
      let request = try scene.test.client.submit(
        operation: "session.create",
        parameters: .success(["avatar_id": .string("avatar\(number)"), "slot_wait_ms": 60_000]),
        options: .success(["timeout_ms": 120_000]), delivery: .wait)
      _ = try scene.test.client.call("client.stats")
      return request
    }
    var last = first
    for (number, request) in waiting.enumerated() {
      #expect(throws: AkoolError.self) { try scene.test.client.wait(request, timeoutMilliseconds: 0) }
      #expect(scene.service.openIDs == [last])
      _ = try scene.test.data("session.close", ["id": .string(last)])
      let reply = try scene.reply(request)
      #expect(reply.result == .ok)
      #expect(scene.test.log.matching("/create").last?.json["avatar_id"]?.string == "avatar\(number)")
      last = reply.json.value(at: "/data/_id")?.string ?? ""
    }
    try scene.test.client.destroy()
  }

  @Test func noSlotInTimeIsALimit() throws {
    let scene = try SessionScene(["limits": ["open_sessions": 1]])
    _ = try scene.create(["duration": 3_600])
    let reply = try scene.call("session.create", ["avatar_id": "a", "slot_wait_ms": 2_000])
    #expect(reply.result == .localLimit && reply.json.value(at: "/error/details/open") == 1)
    try scene.test.client.destroy()
  }

  @Test(arguments: [1214, 1215, 1218] as [Int64])
  func anOccupiedAvatarIsWaitedForWhereThatIsWanted(_ code: Int64) throws {
    let scene = try SessionScene(jumps: true)
    for _ in 0..<3 { scene.service.next("/create", Answer.no(code)) }
    #expect(try scene.test.error("session.create", ["avatar_id": "a"])["code"] == "AVATAR_BUSY")
    _ = try scene.create(["busy_wait_ms": 10_000])
    #expect(scene.test.log.matching("/create").count == 4)
    try scene.test.client.destroy()
  }

  @Test func creditIsLowIsAnEvent() throws {
    let scene = try SessionScene(["limits": ["min_credit": 200]])
    _ = try scene.test.error("session.create", ["avatar_id": "a"])
    let event = try scene.test.events().first { $0["type"] == "account.credit_low" }
    #expect(event?["credit"]?.double == 100 && event?["min_credit"]?.double == 200)
    try scene.test.client.destroy()
  }
}
