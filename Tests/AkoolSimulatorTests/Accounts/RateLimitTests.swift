import AkoolCore
import AkoolSimulator
import Testing

@Suite struct RateLimitTests {
  @Test func thereIsNoneByDefault() throws {
    let scene = try Scene()
    for _ in 0..<500 { #expect(scene.sessions().code == 1000) }
  }

  @Test func itCountsByTheMinuteOfSimulatedTime() throws {
    let scene = try Scene(["rate_limit_per_minute": 3, "rate_limit_retry_after_s": 20, "rate_limit_status": 429])
    for _ in 0..<3 { #expect(scene.sessions().code == 1000) }
    let refused = scene.sessions()
    #expect(refused.code == 1005)
    #expect(refused.reply.status == 429)
    #expect(refused.header("retry-after") == "20")
    scene.advance(60)
    #expect(scene.sessions().code == 1000)
  }

  @Test func itIsEachAccountsOwn() throws {
    let scene = try Scene(["rate_limit_per_minute": 1, "accounts": [["uid": 7, "api_key": "other"]]])
    #expect(scene.sessions().code == 1000)
    #expect(scene.sessions().code == 1005)
    let other = [HTTPHeader("x-api-key", "other")]
    #expect(scene.send("GET", "/api/open/v4/liveAvatar/session/list", headers: other).code == 1000)
  }
}
