import AkoolCore
import AkoolSimulator
import Testing

@Suite struct WorldTests {
  private func sessions(_ world: SimulatedWorld) -> JSON? {
    let reply = world.handle(SimulatedRequest(method: "GET", target: "/_simulator/books"))
    return (try? JSON.parse(serverBytes: reply.body))?.value(at: "/data/open_sessions")
  }

  private func open(_ world: SimulatedWorld) {
    _ = world.handle(
      SimulatedRequest(
        method: "POST", target: "/api/open/v4/liveAvatar/session/create", headers: Scene.key,
        body: Array(#"{"avatar_id":"dvp_Tristan_cloth2_1080P"}"#.utf8)))
  }

  @Test func aNameIsOneWorld() throws {
    let first = try WorldRegistry.world(named: "one", options: ["official_avatars_shared": true])
    let second = try WorldRegistry.world(named: "one", options: [:])
    open(first)
    open(second)
    #expect(sessions(first) == 2)
    #expect(sessions(second) == 2)
    #expect(sessions(try WorldRegistry.world(named: "another", options: [:])) == 0)
  }

  @Test func withoutANameEachHasItsOwn() throws {
    let first = try WorldRegistry.world(named: "", options: [:])
    open(first)
    #expect(sessions(try WorldRegistry.world(named: "", options: [:])) == 0)
    #expect(sessions(first) == 1)
  }

  @Test func otherOptionsForARunningWorldAreRefused() throws {
    _ = try WorldRegistry.world(named: "options", options: ["credit": 5])
    _ = try WorldRegistry.world(named: "options", options: ["credit": 5])
    let error = #expect(throws: AkoolError.self) {
      try WorldRegistry.world(named: "options", options: ["credit": 6])
    }
    #expect(error?.code == .invalidArgument)
    #expect(throws: AkoolError.self) { try WorldRegistry.world(named: "bad", options: ["credit": "much"]) }
  }

  @Test func manyThreadsMayUseAWorld() async throws {
    let world = SimulatedWorld(
      options: try SimulatorOptions(json: ["official_avatars_shared": true, "time": "stepped"]))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { for _ in 0..<100 { open(world) } } }
    }
    #expect(sessions(world) == 100)
    let books = world.handle(SimulatedRequest(method: "GET", target: "/_simulator/requests"))
    let json = try JSON.parse(serverBytes: books.body)
    #expect(json.value(at: "/data/count") == 800)
    #expect(
      json.value(at: "/data/requests")?.array?.filter { $0["outcome"] == 1104 }.count == 700)
  }
}
