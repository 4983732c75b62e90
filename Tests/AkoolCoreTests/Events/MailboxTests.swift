import Foundation
import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct MailboxTests {
  private func quick() throws -> TestClient { try TestClient { _, _ in Answer.ok(["credit": 1]) } }

  private func submit(_ client: Client, _ delivery: ReplyDelivery = .event) throws -> UInt64 {
    try client.submit(
      operation: "account.credit", parameters: .success([:]), options: .success(["tag": "t"]), delivery: delivery)
  }

  @Test func aReplyNobodyWaitsForIsAnEvent() throws {
    let test = try quick()
    let id = try submit(test.client)
    let event = try #require(try test.client.nextEvent(timeoutMilliseconds: 10_000))
    #expect(
      event["type"] == "reply" && event["request_id"]?.integer == Int64(id) && event["tag"] == "t" && event["seq"] == 1)
    #expect(event.value(at: "/reply/data/credit") == 1)
    #expect(throws: AkoolError.self) { try test.client.wait(id, timeoutMilliseconds: 0) }
    try test.client.destroy()
  }

  @Test func aWaitTakesTheReplyOutOfTheStream() throws {
    let test = try quick()
    let first = try submit(test.client)
    let second = try submit(test.client)
    #expect(try test.client.wait(first, timeoutMilliseconds: -1).result == .ok)
    #expect(try test.client.nextEvent(timeoutMilliseconds: 10_000)?["request_id"]?.integer == Int64(second))
    #expect(try test.client.nextEvent(timeoutMilliseconds: 0) == nil)
    try test.client.destroy()
  }

  @Test func aThreadThatComesAfterTheDeliveryThreadIsNotTakenForIt() throws {
    for _ in 0..<20 {
      let test = try quick()
      try test.client.setStatusCallback { _ in }
      try test.client.destroy()
      #expect(try LaterThreads.count { test.client.isInsideCallback } == 0)
    }
  }

  @Test func repliesAreNeverDropped() throws {
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

  @Test func theDescriptorTellsWhetherEventsWait() throws {
    let test = try quick()
    var poll = pollfd(fd: test.client.eventDescriptor, events: Int16(POLLIN), revents: 0)
    #expect(Foundation.poll(&poll, 1, 0) == 0)
    _ = try submit(test.client)
    #expect(Foundation.poll(&poll, 1, 10_000) == 1)
    _ = try test.client.nextEvent(timeoutMilliseconds: 0)
    #expect(Foundation.poll(&poll, 1, 0) == 0)
    try test.client.destroy()
  }

  @Test func eventsOfOneSubjectCoalesceWhenTheQueueIsFull() throws {
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

  @Test func callbacksRunInOrderOnOneThread() throws {
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

  @Test func aStatusCallbackTakesTheEvents() throws {
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

  @Test func waitingInsideACallbackIsRefused() throws {
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

  @Test func secretsAreInNoLogAndNoEvent() throws {
    let test = try TestClient(["api_key": "canary-key"]) { request, number in
      if number == 1 { return .fail(.connection, .notSent) }
      return Answer.session("s1", status: request.url.hasSuffix("/create") ? 1 : 3)
    }
    let text = OrderLog()
    try test.client.setLogCallback(level: .debug) { text.add($0.serialized()) }
    let parameters: JSON = ["avatar_id": "a", "voice_params": ["elevenlabs_settings": ["api_key": "canary-voice"]]]
    _ = try test.data("session.create", parameters, options: ["headers": ["X-Mine": "canary-header"]])
    for event in try test.events() { text.add(event.serialized()) }
    text.add(try test.data("client.stats").serialized())
    try test.client.destroy()
    #expect(text.texts.count > 3)
    #expect(!text.texts.joined().contains("canary") && !text.texts.joined().contains("secret-token"))
  }
}

/// What callbacks saw, for any thread.
final class OrderLog: @unchecked Sendable {
  private let lock = NSLock()
  private var numbers: [UInt64] = []
  private var lines: [String] = []
  private var seenThreads: Set<UInt> = []

  func add(_ number: UInt64) {
    lock.withLock {
      numbers.append(number)
      seenThreads.insert(UInt(pthread_self()))
    }
  }
  func add(_ line: String) { lock.withLock { lines.append(line) } }
  var values: [UInt64] { lock.withLock { numbers } }
  var texts: [String] { lock.withLock { lines } }
  var threads: Set<UInt> { lock.withLock { seenThreads } }
}

/// The codes of what was tried.
final class CodeLog: @unchecked Sendable {
  private let lock = NSLock()
  private var codes: [ResultCode] = []

  func run(_ action: () throws -> Void) {
    var code = ResultCode.ok
    do { try action() } catch { code = (error as? AkoolError)?.code ?? .internal }
    lock.withLock { codes.append(code) }
  }
  var values: [ResultCode] { lock.withLock { codes } }
}
