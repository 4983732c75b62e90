import Dispatch
import Foundation
import Testing

@testable import AkoolCore

/// What holds while the I/O thread does not come back.
@Suite(.timeLimit(.minutes(1))) struct StuckLoopTests {
  /// Makes a client whose I/O thread stands still inside its first request, until the closure returns.
  private func withStuckClient(_ body: (Client) throws -> Void) throws {
    let (arrived, released) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let test = try TestClient(["close_timeout_ms": 0, "max_attempts": 1]) { _, _ in
      arrived.signal()
      released.wait()
      return .fail(.connection, .notSent)
    }
    defer { released.signal() }
    try test.client.submit(
      operation: "avatar.list", parameters: .success([:]), options: .success([:]), delivery: .wait)
    arrived.wait()
    try body(test.client)
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = Date()
    try body()
    return Date().timeIntervalSince(start)
  }

  @Test func callEndsAndDestroyIsBounded() throws {
    try withStuckClient { client in
      let taken = try seconds {
        #expect(throws: AkoolError.self) { try client.call("account.credit", options: ["timeout_ms": 1]) }
      }
      #expect(taken < 2)
      #expect(try seconds { try client.destroy() } < 2)
    }
  }

  @Test func cancelEndsTheWait() throws {
    try withStuckClient { client in
      let request = try client.submit(
        operation: "account.credit", parameters: .success([:]), options: .success([:]), delivery: .wait)
      client.cancel(request)
      var reply: Reply?
      let taken = try seconds { reply = try client.wait(request, timeoutMilliseconds: -1) }
      #expect(reply?.result == .cancelled && taken < 1.5)
      try client.destroy()
    }
  }
}
