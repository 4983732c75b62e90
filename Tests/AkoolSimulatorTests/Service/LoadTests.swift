import AkoolCore
import AkoolSimulator
import Testing

/// What the library's own load tests need of the simulator.
@Suite struct LoadTests {
  @Test func tenThousandSessionsAndAHundredThousandRequests() throws {
    let scene = try Scene([
      "official_avatars_shared": true, "credit": 1_000_000_000, "log_capacity": 50_000,
    ])
    let ids = (0..<10_000).map { _ in scene.open(duration: 3600) }
    #expect(Set(ids).count == 10_000)
    #expect(scene.books["open_sessions"] == 10_000)
    let detail = SimulatedRequest(
      method: "GET", target: "/api/open/v4/liveAvatar/session/detail?id=\(ids[9_000])", headers: Scene.key)
    for _ in 0..<80_000 { _ = scene.service.handle(detail) }
    for id in ids { #expect(scene.close(id).code == 1000) }
    #expect(scene.credit == 1_000_000_000)
    #expect(scene.sessions("size=20000&status=3").json.value(at: "/data/result")?.array?.count == 10_000)
    let log = scene.admin("GET", "requests?limit=1")
    #expect(log["count"] == 100_002)
    #expect(log["dropped"] == 50_002)
    scene.advance(3600)
    #expect(scene.books["open_sessions"] == 0)
  }
}
