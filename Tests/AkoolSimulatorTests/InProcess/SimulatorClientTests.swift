import AkoolCore
import AkoolSimulator
import Testing

/// The whole way: a client of the library on a world in this process.
@Suite struct SimulatorClientTests {
  private func client(_ url: String, _ simulator: JSON = ["time": "stepped"]) throws -> Client {
    try Client(
      configuration: ["base_url": .string(url), "environment": false, "simulator": simulator],
      transportFactory: SimulatorTransport.make(configuration:loop:))
  }

  @Test func aSessionIsOpenedAndClosed() throws {
    let client = try client("simulator:")
    let created = try client.call("session.create", ["avatar_id": .string(Scene.avatar), "duration": 600])
    #expect(created.result == .ok)
    #expect(created.json.value(at: "/meta/simulated") == true)
    let id = try #require(created.json.value(at: "/data/_id"))
    #expect(try client.call("account.credit").json.value(at: "/data/credit") == 5940)
    #expect(try client.call("session.close", ["id": id]).result == .ok)
    #expect(try client.call("account.credit").json.value(at: "/data/credit") == 6000)
    try client.destroy()
  }

  @Test func clientsOfOneNameShareTheWorld() throws {
    let first = try client("simulator:shared-by-clients")
    let second = try client("simulator:shared-by-clients")
    #expect(try first.call("session.create", ["avatar_id": .string(Scene.avatar)]).result == .ok)
    #expect(
      try second.call("session.create", ["avatar_id": .string(Scene.avatar)], options: ["max_attempts": 1]).result
        == .avatarBusy)
    try first.destroy()
    #expect(try second.call("session.create", ["avatar_id": .string(Scene.avatar)]).result == .ok)
    try second.destroy()
  }

  @Test func theBooksAreReachedThroughTheClient() throws {
    let client = try client("simulator:")
    let reply = try client.call("request", ["method": "GET", "path": "/_simulator/books"])
    #expect(reply.json.value(at: "/data/initial_credit") == 6000)
    try client.destroy()
  }

  @Test(arguments: ["simulator:a/b", "simulator:a b", "simulator:name/", "simulator:é"])
  func aNameHasPlainLetters(url: String) {
    let error = #expect(throws: AkoolError.self) { try client(url) }
    #expect(error?.code == .invalidArgument)
  }

  @Test func client_needsANamedKey_whenTheSimulatorNamesOne() throws {
    let stranger = try client("simulator:", ["api_key": "a-key"])
    let refused = try stranger.call("account.credit")
    #expect(refused.result == .unauthenticated)
    #expect(refused.json.value(at: "/error/message")?.string?.contains("api_key") == true, "\(refused.json)")
    try stranger.destroy()
    let named = try Client(
      configuration: [
        "base_url": "simulator:", "environment": false, "api_key": "a-key", "simulator": ["api_key": "a-key"],
      ], transportFactory: SimulatorTransport.make(configuration:loop:))
    #expect(try named.call("account.credit").result == .ok)
    try named.destroy()
  }

  @Test func aWrongOptionIsRefusedWithTheClient() {
    let error = #expect(throws: AkoolError.self) { try client("simulator:", ["creditt": 1]) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.hint?.contains("credit") == true)
  }
}
