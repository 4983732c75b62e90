import AkoolCore
import AkoolSimulator
import Testing

@Suite struct FaultMatchTests {
  /// Which of so many requests a rule befalls.
  private func struck(_ match: JSON, of count: Int, seed: Int64 = 7) throws -> [Int] {
    let scene = try Scene(["seed": .integer(seed)])
    scene.fault(match, ["akool_code": 1005])
    return (1...count).filter { _ in scene.sessions().code == 1005 }
  }

  @Test func withoutConditionsItIsEveryRequest() throws {
    #expect(try struck([:], of: 3) == [1, 2, 3])
  }

  @Test func nthIsOne() throws { #expect(try struck(["nth": 2], of: 4) == [2]) }

  @Test func everyIsEachSoMany() throws { #expect(try struck(["every": 3], of: 7) == [3, 6]) }

  @Test func timesIsAtMost() throws { #expect(try struck(["times": 2], of: 5) == [1, 2]) }

  @Test func operation_isRefused_whenNoneHasThatName() throws {
    let rules: JSON = ["rules": [["match": ["operation": "session.crate"], "fault": ["hang": true]]]]
    let refused = try Scene().admin("POST", "faults", rules)
    #expect(refused["code"] == 1003)
    #expect(refused["msg"]?.string?.contains("session.crate") == true)
    #expect(refused["msg"]?.string?.contains("session.create") == true)
  }

  @Test func everyAndTimesGoTogether() throws {
    #expect(try struck(["every": 2, "times": 2], of: 9) == [2, 4])
  }

  @Test func chanceIsRepeatableBySeed() throws {
    let first = try struck(["chance": 0.3], of: 1000)
    #expect((220...380).contains(first.count))
    #expect(try struck(["chance": 0.3], of: 1000) == first)
    #expect(try struck(["chance": 0.3], of: 1000, seed: 8) != first)
    #expect(try struck(["chance": 0], of: 100).isEmpty)
    #expect(try struck(["chance": 1], of: 100).count == 100)
  }

  @Test func itMatchesByOperationMethodAndPath() throws {
    let list = "/api/open/v4/liveAvatar/session/list"
    #expect(try struck(["operation": "session.list"], of: 1) == [1])
    #expect(try struck(["operation": "session.create"], of: 1) == [])
    #expect(try struck(["method": "GET", "path": .string(list)], of: 1) == [1])
    #expect(try struck(["method": "POST", "path": .string(list)], of: 1) == [])
    #expect(try struck(["path": "/api/open/v4/*"], of: 1) == [1])
    #expect(try struck(["path": "/api/open/v3/*"], of: 1) == [])
    #expect(try struck(["path": "/api/open/v4/"], of: 1) == [])
  }

  @Test func onlyMatchesCount() throws {
    let scene = try Scene()
    scene.fault(["operation": "session.list", "nth": 2], ["akool_code": 1005])
    #expect(scene.sessions().code == 1000)
    #expect(scene.createSession().code == 1000)
    #expect(scene.sessions().code == 1005)
  }

  @Test func theFirstRuleThatAppliesWinsAndAllCount() throws {
    let scene = try Scene()
    scene.admin(
      "POST", "faults",
      [
        "rules": [
          ["match": ["nth": 1], "fault": ["akool_code": 1001]],
          ["match": ["nth": 2], "fault": ["akool_code": 1002]],
          ["match": ["times": 1], "fault": ["akool_code": 1004]],
        ]
      ])
    #expect((0..<4).map { _ in scene.sessions().code } == [1001, 1002, 1004, 1000])
    let rules = scene.admin("GET", "faults")["rules"]
    #expect(rules?.array?.map { $0["applications"] } == [1, 1, 1])
    #expect(rules?.array?.map { $0["matches"] } == [4, 4, 4])
  }

  @Test func adminCallsMeetNoFaults() throws {
    let scene = try Scene(["faults": [["fault": ["reset": "before_handling"]]]])
    let reply = scene.send("GET", "/_simulator/books").reply
    #expect(reply.delivery == SimulatedDelivery())
    scene.admin("DELETE", "faults")
    #expect(scene.sessions().code == 1000)
  }

  @Test func faultsComeBeforeAuthentication() throws {
    let scene = try Scene()
    scene.fault(["operation": "auth.token"], ["http_status": 500])
    #expect(scene.send("POST", "/api/open/v3/getToken", headers: []).reply.status == 500)
    #expect(scene.send("GET", "/api/open/v4/liveAvatar/session/list", headers: []).code == 1102)
  }
}
