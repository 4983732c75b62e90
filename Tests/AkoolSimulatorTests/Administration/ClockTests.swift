import AkoolCore
import AkoolSimulator
import Testing

@Suite struct ClockTests {
  @Test func date_isTheEpoch_whenItsOffsetLeadsBeforeThat() throws {
    let scene = try Scene(["start_ms": 1, "date_offset_s": -1_000_000_000])
    #expect(scene.sessions().header("date") == "Thu, 01 Jan 1970 00:00:00 GMT")
  }

  /// Real time under the test's control.
  private final class Watch {
    var milliseconds: Int64 = 50_000
  }

  private func now(_ scene: Scene) -> Int64? { scene.admin("GET", "clock")["now_ms"]?.integer }

  @Test func steppedTimeOnlyMovesWhenTold() throws {
    let watch = Watch()
    let scene = try Scene(monotonicMilliseconds: { watch.milliseconds })
    watch.milliseconds += 10_000
    #expect(now(scene) == Scene.start)
    #expect(scene.admin("POST", "clock", ["advance_s": 1.5])["now_ms"] == .integer(Scene.start + 1500))
    #expect(now(scene) == Scene.start + 1500)
  }

  @Test func runningTimeIsScaled() throws {
    let watch = Watch()
    let scene = try Scene(["time": "running", "time_scale": 60], monotonicMilliseconds: { watch.milliseconds })
    watch.milliseconds += 1000
    #expect(now(scene) == Scene.start + 60_000)
    scene.admin("POST", "clock", ["scale": 2])
    watch.milliseconds += 1000
    #expect(now(scene) == Scene.start + 62_000)
    scene.admin("POST", "clock", ["time": "stepped"])
    watch.milliseconds += 1000
    #expect(now(scene) == Scene.start + 62_000)
    scene.admin("POST", "clock", ["time": "running"])
    watch.milliseconds += 500
    #expect(now(scene) == Scene.start + 63_000)
  }

  @Test func timeNeverGoesBack() throws {
    let watch = Watch()
    let scene = try Scene(["time": "running"], monotonicMilliseconds: { watch.milliseconds })
    watch.milliseconds -= 40_000
    #expect(now(scene) == Scene.start)
  }

  @Test func timeEndsIn2106() throws {
    let scene = try Scene()
    for _ in 0..<3 { scene.advance(4_000_000_000) }
    #expect(now(scene) == 4_294_967_295_000)
    #expect(scene.open().hasPrefix("ffffffff"))
    let id = scene.books.value(at: "/sessions/0/_id")?.string ?? ""
    #expect(scene.close(id).code == 1000)
  }

  @Test func theStartIsTheRealTimeUnlessGiven() throws {
    let scene = try Scene(["start_ms": 0])
    #expect(try #require(now(scene)) > 1_700_000_000_000)
  }

  @Test func everyReplyTellsTheSimulatedDate() throws {
    let scene = try Scene(["start_ms": 951_782_399_000])
    #expect(scene.sessions().header("date") == "Mon, 28 Feb 2000 23:59:59 GMT")
    scene.advance(1)
    #expect(scene.send("GET", "/nowhere").header("date") == "Tue, 29 Feb 2000 00:00:00 GMT")
    scene.advance(86_400)
    #expect(scene.sessions().header("date") == "Wed, 01 Mar 2000 00:00:00 GMT")
  }

  @Test(
    arguments: [
      ["advance_s": -1], ["advance_s": "1"], ["scale": -1], ["scale": 1e300], ["advance_s": 1e300], ["time": "fast"],
      ["time": 1], ["steps": 1],
    ] as [JSON])
  func aWrongStepIsRefused(body: JSON) throws {
    let scene = try Scene()
    #expect(scene.admin("POST", "clock", body)["code"] == 1003)
    #expect(now(scene) == Scene.start)
  }

  @Test func whatIsDueHappensInOrder() throws {
    let scene = try Scene(["official_avatars_shared": true, "refund_delay_s": 5])
    let long = scene.open(duration: 30)
    let short = scene.open(duration: 20)
    scene.close(long)
    scene.advance(100)
    #expect(scene.books.value(at: "/sessions/0/refunded") == 3)
    #expect(scene.detail(short).data?["status"] == 3)
    #expect(scene.books["open_sessions"] == 0)
  }

  @Test func everyEventOfALongStepHasItsOwnTime() throws {
    let scene = try Scene(["official_avatars_shared": true])
    for index in 0..<200 as Range<Int64> { _ = scene.open(duration: index * 37 % 200 + 1) }
    scene.advance(1000)
    let sessions = scene.books["sessions"]?.array ?? []
    #expect(sessions.count == 200)
    for session in sessions {
      let duration = try #require(session["duration"]?.integer)
      #expect(session["closed_at"] == .integer(Scene.start + duration * 1000))
    }
  }
}
