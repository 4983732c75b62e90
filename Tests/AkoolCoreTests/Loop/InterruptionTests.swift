import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct InterruptionTests {
  private func submit(_ client: Client, _ operation: String, _ parameters: JSON = [:], _ options: JSON = [:]) throws
    -> UInt64
  {
    try client.submit(
      operation: operation, parameters: .success(parameters), options: .success(options), delivery: .wait)
  }

  @Test func aHungServerEndsByTheDeadline() throws {
    let test = try TestClient { _, _ in .hang(.maybeSent) }
    let error = try test.error("account.credit", options: ["timeout_ms": 50])
    #expect(error["code"] == "TIMEOUT")
    #expect(error["message"]?.string?.contains("50 ms") == true)
    try test.client.destroy()
  }

  @Test func aCancelEndsACallAtOnce() throws {
    let test = try TestClient { _, _ in .hang(.maybeSent) }
    let request = try submit(test.client, "account.credit")
    test.client.cancel(request)
    test.client.cancel(request)
    #expect(try test.client.wait(request, timeoutMilliseconds: -1).result == .cancelled)
    #expect(throws: AkoolError.self) { try test.client.wait(request, timeoutMilliseconds: 0) }
    try test.client.destroy()
  }

  @Test func aCallThatWaitsForAConnectionEndsToo() throws {
    let test = try TestClient(["max_in_flight": 1]) { _, number in
      number == 1 ? .hang(.maybeSent) : Answer.ok(["credit": 1])
    }
    let first = try submit(test.client, "account.credit")
    let second = try submit(test.client, "account.credit", [:], ["timeout_ms": 50])
    #expect(try test.client.wait(second, timeoutMilliseconds: -1).result == .timeout)
    #expect(test.log.count == 1)
    let third = try submit(test.client, "account.credit")
    test.client.cancel(first)
    #expect(try test.client.wait(third, timeoutMilliseconds: -1).result == .ok)
    try test.client.destroy()
  }

  @Test func silenceOfOneAttemptIsRepeatedWithinTheDeadline() throws {
    let test = try TestClient(["attempt_timeout_ms": 30]) { _, number in
      number == 1 ? .hang(.maybeSent) : Answer.ok(["credit": 1])
    }
    #expect(try test.data("account.credit")["credit"] == 1)
    try test.client.destroy()
  }

  @Test func destroyEndsEveryRequestOnce() throws {
    let test = try TestClient { _, _ in .hang(.maybeSent) }
    let replies = ReplyCounter()
    for _ in 0..<100 {
      try test.client.submit(
        operation: "account.credit", parameters: .success([:]), options: .success([:]),
        delivery: .callback { id, reply in replies.count(id, reply) })
    }
    try test.client.destroy()
    #expect(replies.all.count == 100)
    #expect(replies.all.values.allSatisfy { $0 == [.shuttingDown] })
  }
}
