import Foundation
import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct MailboxWaitTests {
  private static let reply = Reply.success(["credit": 1], meta: [:], raw: nil)

  private func mailbox(maximumRequests: Int = 10, clock: any TimeSource = SystemClock()) throws -> Mailbox {
    try Mailbox(maximumRequests: maximumRequests, maximumEvents: 10, time: clock)
  }

  private func soon(_ milliseconds: Int64 = 20) -> Instant { Instant.now.adding(milliseconds: milliseconds) }

  private func reserve(
    _ mailbox: Mailbox, _ delivery: ReplyDelivery = .wait, deadline: Instant? = nil, paid: PaidProgress? = nil
  ) throws -> UInt64 {
    try mailbox.reserve(delivery, tag: nil, deadline: deadline, paid: paid) { _ in }
  }

  /// The code that a wait throws.
  private func code(_ mailbox: Mailbox, _ request: UInt64, until deadline: Instant? = nil) -> ResultCode? {
    let error = #expect(throws: AkoolError.self) { try mailbox.wait(request, until: deadline) }
    return error?.code
  }

  private func end(_ request: UInt64, _ mailbox: Mailbox) {
    mailbox.complete(request, with: Self.reply)
    mailbox.finishTurn()
  }

  /// Waits for a thread to wait for a request.
  private func awaitWaiter(_ request: UInt64, _ mailbox: Mailbox, count: Int = 1) {
    while mailbox.lock.withLock({ (mailbox.state.slots[request]?.waiters ?? 0) < count }) { usleep(1_000) }
  }

  // MARK: The caller's time

  @Test func wait_throwsTimeout_whenCallerTimePasses() throws {
    let mailbox = try mailbox()
    let request = try reserve(mailbox, deadline: soon(60_000))
    #expect(code(mailbox, request, until: soon()) == .timeout)
    #expect(code(mailbox, request, until: .now) == .timeout)
    end(request, mailbox)
    #expect(try mailbox.wait(request, until: .now).result == .ok)
    #expect(code(mailbox, request) == .notFound)
  }

  @Test func wait_continues_whenWokenWithoutReply() throws {
    let mailbox = try mailbox()
    let request = try reserve(mailbox)
    let codes = CodeLog()
    let thread = try SystemThread(name: "waiter") { codes.run { _ = try mailbox.wait(request, until: nil) } }
    awaitWaiter(request, mailbox)
    for _ in 0..<3 {
      mailbox.lock.withLock { mailbox.state.slots[request]?.condition }?.broadcast()
      usleep(2_000)
    }
    #expect(codes.values.isEmpty)
    end(request, mailbox)
    thread.join()
    #expect(codes.values == [.ok])
  }

  @Test func nextEvent_returnsNil_whenTimePasses() throws {
    let mailbox = try mailbox()
    let start = Instant.now
    #expect(try mailbox.nextEvent(until: soon()) == nil)
    #expect(Instant.now >= start.adding(milliseconds: 20))
  }

  // MARK: The deadline of the request

  @Test func wait_detachesRequest_whenItsDeadlinePasses() throws {
    let (mailbox, detached) = (try mailbox(), OrderLog())
    mailbox.onDetach = { detached.add($0) }
    let request = try reserve(mailbox, deadline: soon())
    #expect(code(mailbox, request) == .timeout)
    #expect(detached.values == [request])
    #expect(!mailbox.takeCancel(request))
    #expect(code(mailbox, request) == .notFound)
    #expect(detached.values == [request])
  }

  @Test func wait_takesReply_afterDeadlineOfRequest() throws {
    let mailbox = try mailbox()
    let request = try reserve(mailbox, deadline: .now)
    end(request, mailbox)
    #expect(try mailbox.wait(request, until: nil).result == .ok)
  }

  @Test func wait_detachesRequest_whenDeadlineIsSetLater() throws {
    let (mailbox, codes) = (try mailbox(), CodeLog())
    let request = try reserve(mailbox)
    let thread = try SystemThread(name: "waiter") { codes.run { _ = try mailbox.wait(request, until: nil) } }
    awaitWaiter(request, mailbox)
    mailbox.setDeadline(soon(), of: request)
    thread.join()
    #expect(codes.values == [.timeout])
  }

  @Test func allWaits_throwTimeout_whenRequestIsDetached() throws {
    let (mailbox, codes, detached) = (try mailbox(), CodeLog(), OrderLog())
    mailbox.onDetach = { detached.add($0) }
    let request = try reserve(mailbox)
    let threads = try (0..<3).map { _ in
      try SystemThread(name: "waiter") { codes.run { _ = try mailbox.wait(request, until: nil) } }
    }
    awaitWaiter(request, mailbox, count: 3)
    mailbox.setDeadline(soon(), of: request)
    for thread in threads { thread.join() }
    #expect(codes.values == [.timeout, .timeout, .timeout])
    #expect(detached.values == [request])
  }

  @Test func wait_throwsOutcomeUnknown_whenPaidRequestMayHaveBeenSent() throws {
    let (mailbox, paid) = (try mailbox(), PaidProgress())
    let request = try reserve(mailbox, deadline: soon(), paid: paid)
    #expect(paid.markMaySent() && paid.markMaySent())
    #expect(code(mailbox, request) == .outcomeUnknown)
  }

  @Test func paidRequest_mustNotBeSent_afterTimeout() throws {
    let (mailbox, paid) = (try mailbox(), PaidProgress())
    let request = try reserve(mailbox, deadline: soon(), paid: paid)
    #expect(code(mailbox, request) == .timeout)
    #expect(!paid.markMaySent() && !paid.mayHaveBeenSent)
  }

  // MARK: Replies of detached requests

  @Test(arguments: [ReplyDelivery.wait, .event])
  func reply_isUndeliverable_whenRequestIsDetached(delivery: ReplyDelivery) throws {
    let (mailbox, undeliverable) = (try mailbox(), OrderLog())
    mailbox.onUndeliverable = { request, reply in if reply.result == .ok { undeliverable.add(request) } }
    let request = try reserve(mailbox, delivery, deadline: soon())
    #expect(code(mailbox, request) == .timeout)
    end(request, mailbox)
    end(request, mailbox)
    #expect(undeliverable.values == [request])
    #expect(try mailbox.nextEvent(until: .now) == nil)
  }

  @Test func events_arePublishedInSameTurn_whenHookPostsThem() throws {
    let mailbox = try mailbox()
    mailbox.onUndeliverable = { [unowned mailbox] _, _ in mailbox.post(Event(.creditLow, [:])) }
    let request = try reserve(mailbox, deadline: .now)
    #expect(code(mailbox, request) == .timeout)
    end(request, mailbox)
    #expect(try mailbox.nextEvent(until: .now)?["type"] == "account.credit_low")
  }

  @Test func detachedRequest_keepsItsPlace_untilItEnds() throws {
    let mailbox = try mailbox(maximumRequests: 1)
    let request = try reserve(mailbox, deadline: .now)
    #expect(code(mailbox, request) == .timeout)
    let error = #expect(throws: AkoolError.self) { try reserve(mailbox) }
    #expect(error?.code == .localLimit)
    end(request, mailbox)
    #expect(try reserve(mailbox) == request + 1)
  }

  // MARK: Time stamps and memory

  @Test func events_haveTimeOfTheirPost_onInjectedClock() throws {
    let clock = ManualClock()
    let mailbox = try mailbox(clock: clock)
    mailbox.post(Event(.creditLow, [:]))
    mailbox.post(Event(.creditLow, [:], at: 5))
    clock.advance(milliseconds: 700)
    let request = try reserve(mailbox, .event)
    end(request, mailbox)
    let times = try (0..<3).map { _ in try mailbox.nextEvent(until: .now)?["at"]?.integer }
    #expect(times == [ManualClock.start, 5, ManualClock.start + 700])
  }

  @Test func outbox_givesMemoryBack_afterBurst() throws {
    let mailbox = try mailbox()
    for _ in 0..<20_000 { mailbox.post(Event(.creditLow, [:], importance: .state(subject: ""))) }
    mailbox.finishTurn()
    mailbox.post(Event(.creditLow, [:]))
    mailbox.finishTurn()
    #expect(mailbox.outboxCapacity <= 1_024)
  }

  @Test func eventDescriptor_isAboveStandardStreams() throws {
    #expect(try mailbox().watchSignal() > 2)
  }
}
