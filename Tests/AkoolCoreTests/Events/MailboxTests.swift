import Foundation
import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct MailboxTests {
  private func quick() throws -> TestClient { try TestClient { _, _ in Answer.ok(["credit": 1]) } }

  private func submit(_ client: Client, _ delivery: ReplyDelivery = .event) throws -> UInt64 {
    try client.submit(
      operation: "account.credit", parameters: .success([:]), options: .success(["tag": "t"]), delivery: delivery)
  }

  @Test func reply_isEvent_whenNoThreadWaits() throws {
    let test = try quick()
    let id = try submit(test.client)
    let event = try #require(try test.client.nextEvent(timeoutMilliseconds: 10_000))
    #expect(
      event["type"] == "reply" && event["request_id"]?.integer == Int64(id) && event["tag"] == "t" && event["seq"] == 1)
    #expect(event.value(at: "/reply/data/credit") == 1)
    #expect(throws: AkoolError.self) { try test.client.wait(id, timeoutMilliseconds: 0) }
    try test.client.destroy()
  }

  @Test func reply_leavesEventStream_whenWaitTakesIt() throws {
    let test = try quick()
    let first = try submit(test.client)
    let second = try submit(test.client)
    #expect(try test.client.wait(first, timeoutMilliseconds: -1).result == .ok)
    #expect(try test.client.nextEvent(timeoutMilliseconds: 10_000)?["request_id"]?.integer == Int64(second))
    #expect(try test.client.nextEvent(timeoutMilliseconds: 0) == nil)
    try test.client.destroy()
  }

  @Test func isInsideCallback_isFalse_onThreadsAfterCallbackThread() throws {
    for _ in 0..<20 {
      let test = try quick()
      try test.client.setStatusCallback { _ in }
      try test.client.destroy()
      #expect(try LaterThreads.count { test.client.isInsideCallback } == 0)
    }
  }

  @Test func submit_isRefused_whenRepliesFillAllPlaces() throws {
    let test = try TestClient(["max_requests": 10]) { _, _ in Answer.ok(["credit": 1]) }
    for _ in 0..<10 { _ = try submit(test.client) }
    let error = #expect(throws: AkoolError.self) { try submit(test.client) }
    #expect(error?.code == .localLimit)
    var count = 0
    while count < 10, try test.client.nextEvent(timeoutMilliseconds: 10_000) != nil { count += 1 }
    #expect(count == 10)
    _ = try submit(test.client)
    try test.client.destroy()
  }

  @Test func eventDescriptor_isReadable_whileEventsAreQueued() throws {
    let test = try quick()
    var poll = pollfd(fd: test.client.eventDescriptor, events: Int16(POLLIN), revents: 0)
    #expect(Foundation.poll(&poll, 1, 0) == 0)
    _ = try submit(test.client)
    #expect(Foundation.poll(&poll, 1, 10_000) == 1)
    _ = try test.client.nextEvent(timeoutMilliseconds: 0)
    #expect(Foundation.poll(&poll, 1, 0) == 0)
    try test.client.destroy()
  }

  @Test func fullQueue_keepsLatestState_ofOneSubject() throws {
    let test = try TestClient(["max_events": 1, "polling": ["initial_ms": 1, "maximum_ms": 1]]) { _, number in
      Answer.ok([["_id": "r1", "status": .integer(number < 3 ? Int64(number) : 3)]])
    }
    _ = try test.data("avatar.wait", ["id": "r1"])
    let events = try test.events()
    #expect(events.map { $0["type"]?.string } == ["events.dropped", "avatar.state_changed"])
    #expect(events[0]["count"] == 2 && events[0]["seq"] == 3)
    #expect(events[1]["state"] == "ready" && events[1]["seq"] == 4)
    try test.client.destroy()
  }

  @Test func callbacks_runInOrder_onOneThread() throws {
    let test = try TestClient(["max_in_flight": 1]) { _, _ in Answer.ok(["credit": 1]) }
    let order = OrderLog()
    let last = DispatchSemaphore(value: 0)
    for _ in 0..<200 {
      let callback: @Sendable (UInt64, Reply) -> Void = { id, _ in
        order.add(id)
        if id == 200 { last.signal() }
      }
      _ = try submit(test.client, .callback(callback))
    }
    last.wait()
    try test.client.destroy()
    #expect(order.values == Array(1...200).map(UInt64.init))
    #expect(order.threads.count == 1)
  }

  @Test func nextEvent_isRefused_whileStatusCallbackIsSet() throws {
    let test = try quick()
    let order = OrderLog()
    let arrived = DispatchSemaphore(value: 0)
    try test.client.setStatusCallback { event in
      order.add(UInt64(event["seq"]?.integer ?? 0))
      arrived.signal()
    }
    _ = try submit(test.client)
    arrived.wait()
    let error = #expect(throws: AkoolError.self) { try test.client.nextEvent(timeoutMilliseconds: 0) }
    #expect(error?.code == .invalidArgument)
    try test.client.setStatusCallback(nil)
    _ = try submit(test.client)
    #expect(try test.client.nextEvent(timeoutMilliseconds: 10_000)?["seq"] == 2)
    #expect(order.values == [1])
    try test.client.destroy()
  }

  @Test func wait_isRefused_insideCallback() throws {
    let test = try quick()
    let codes = CodeLog()
    let client = test.client
    let done = DispatchSemaphore(value: 0)
    _ = try submit(
      client,
      .callback { id, _ in
        codes.run { _ = try client.wait(id, timeoutMilliseconds: 10) }
        codes.run { _ = try client.call("account.credit") }
        codes.run { try client.destroy() }
        codes.run {
          _ = try client.submit(
            operation: "account.credit", parameters: .success([:]), options: .success([:]), delivery: .event)
        }
        done.signal()
      })
    done.wait()
    #expect(codes.values == [.wrongThread, .wrongThread, .wrongThread, .ok])
    try client.destroy()
  }
}
