import AkoolCore
import Testing

@testable import AkoolSimulator

/// Credentials that a simulator in this process accepts.
@Suite struct KeyTests {
  private func world(_ options: JSON) throws -> SimulatedWorld {
    try WorldRegistry.world(named: "", options: options)
  }

  private func send(_ world: SimulatedWorld, _ method: String, _ target: String, _ header: HTTPHeader?, _ body: JSON?)
    -> Received
  {
    Received(
      world.handle(
        SimulatedRequest(
          method: method, target: target, headers: [header].compactMap(\.self), body: body?.serializedBytes() ?? [])))
  }

  private func credit(_ world: SimulatedWorld, _ header: HTTPHeader) -> Received {
    send(world, "GET", "/api/open/v3/faceswap/quota/info", header, nil)
  }

  private func accepts(_ world: SimulatedWorld, key: String) -> Bool {
    credit(world, HTTPHeader("x-api-key", key)).code == 1000
  }

  private func token(_ world: SimulatedWorld, _ id: String, _ secret: String) -> Received {
    let pair: JSON = ["clientId": .string(id), "clientSecret": .string(secret)]
    return send(world, "POST", "/api/open/v3/getToken", nil, pair)
  }

  @Test(arguments: [[:], ["credit": 5], ["profile": "pessimistic"]] as [JSON])
  func everyKey_isAccepted_whenTheOptionsNameNone(options: JSON) throws {
    let world = try world(options)
    for key in ["simulator", "mine"] { #expect(accepts(world, key: key)) }
    #expect(token(world, "me", "secret").code == 1000)
  }

  @Test(
    arguments: [
      (["api_key": "a"], ["a"]), (["api_keys": ["a", "b"]], ["a", "b"]),
      (["api_key": "a", "api_keys": ["b"]], ["a", "b"]),
      (["accounts": [["uid": 7, "api_key": "a"]]], ["a"]), (["client_secret": "a"], ["a"]),
      (["api_key": "a", "client_secret": "b"], ["a"]),
      (["api_keys": ["a"], "accounts": [["uid": 7, "api_key": "b"]]], ["a", "b"]),
    ] as [(JSON, [String])])
  func onlyNamedKeys_areAccepted(options: JSON, named: [String]) throws {
    let world = try world(options)
    for key in ["a", "b", "simulator", "", "mine"] {
      #expect(accepts(world, key: key) == named.contains(key), "\(key)")
    }
  }

  @Test func refusal_saysWhatToDo_whenTheKeyIsNotNamed() throws {
    let message = credit(try world(["api_key": "hush"]), HTTPHeader("x-api-key", "simulator")).text("/msg")
    #expect(message.hasPrefix("invalid authorization") && message.contains("api_key") && !message.contains("hush"))
  }

  @Test func anyKey_isAccepted_whenThatIsSetBesideKeys() throws {
    let world = try world(["api_key": "a", "any_key": true])
    #expect(accepts(world, key: "a") && accepts(world, key: "simulator"))
  }

  @Test func onlyTheNamedPair_getsAToken() throws {
    let world = try world(["client_id": "me", "client_secret": "secret"])
    #expect(token(world, "me", "secret").code == 1000)
    #expect(token(world, "me", "simulator").code == 1101 && token(world, "you", "secret").code == 1101)
    #expect(
      token(try self.world(["accounts": [["uid": 7, "api_key": "a"]]]), "SIMULATED-client-id", "simulator").code == 1101
    )
  }

  @Test(arguments: [[:], ["credit": 5]] as [JSON]) func everyKey_isAccepted_afterAReset(options: JSON) throws {
    let world = try world([:])
    #expect(send(world, "POST", "/_simulator/reset", nil, options).code == 1000)
    #expect(accepts(world, key: "mine"))
    #expect(send(world, "POST", "/_simulator/reset", nil, ["api_keys": ["a"]]).code == 1000)
    #expect(accepts(world, key: "a") && !accepts(world, key: "simulator"))
  }

  /// The mistakes of section 1.4 of akool-api.md.
  @Test func mistakes_areRefused_whereEveryKeyIsAccepted() throws {
    let world = try world([:])
    let token = token(world, "me", "secret").text("/token")
    #expect(credit(world, HTTPHeader("authorization", "Bearer \(token)")).code == 1000)
    #expect(credit(world, HTTPHeader("x-api-key", token)).code == 1101)
    #expect(credit(world, HTTPHeader("authorization", "Bearer simulator")).code == 1101)
  }
}
