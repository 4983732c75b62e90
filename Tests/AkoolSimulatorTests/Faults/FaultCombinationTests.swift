import AkoolCore
import AkoolSimulator
import Testing

/// Faults of several members: all of them have an effect, or the rule is refused.
@Suite struct FaultCombinationTests {
  private let create: JSON = ["operation": "session.create"]
  private let close: JSON = ["operation": "session.close"]

  @Test func lost_isAnswered_whenTheRequestIsHandledLater() throws {
    let scene = try Scene()
    let id = scene.open()
    scene.fault(close, ["lost": true, "handle_later_s": 5])
    let received = scene.close(id)
    #expect(received.json == ["code": 1000, "msg": "OK"] && received.reply.delivery == SimulatedDelivery())
    scene.advance(4)
    #expect(scene.detail(id).data?["status"] == 2)
    scene.advance(1)
    #expect(scene.detail(id).data?["status"] == 3)
  }

  @Test func lost_isDone_byTheDuplicate() throws {
    let scene = try Scene()
    scene.fault(create, ["lost": true, "duplicate_after_s": 5])
    #expect(scene.createSession().json == ["code": 1000, "msg": "OK"])
    #expect(scene.books["open_sessions"] == 0)
    scene.advance(5)
    #expect(scene.books["open_sessions"] == 1)
    #expect(scene.log[0]?["handled"] == false && scene.log[1]?["outcome"] == 1000)
  }

  @Test func lost_isDoneTwice_whenHandledLaterAndDuplicated() throws {
    let scene = try Scene(["official_avatars_shared": true])
    scene.fault(create, ["lost": true, "handle_later_s": 5, "duplicate_after_s": 9])
    scene.createSession()
    scene.advance(5)
    #expect(scene.books["open_sessions"] == 1)
    scene.advance(4)
    #expect(scene.books["open_sessions"] == 2)
  }

  @Test(
    arguments: [
      (["body": "{}", "set": ["/data/status": 4]], "set", "body"),
      (["body": "{}", "remove": ["/data"]], "remove", "body"),
      (["body": "{}", "data_null": true], "data_null", "body"),
      (["body": "{}", "akool_code": 1005], "akool_code", "body"),
      (["http_status": 500, "set": ["/data/status": 4]], "set", "http_status"),
      (["http_status": 500, "data_null": true, "handled": true], "data_null", "http_status"),
      (["http_status": 500, "page": 2], "page", "http_status"),
      (["akool_code": 1005, "page_shift": 2], "page_shift", "akool_code"),
      (["lost": true, "http_status": 500], "http_status", "lost"),
      (["lost": true, "akool_code": 1005], "akool_code", "lost"),
      (["lost": true, "body": "{}"], "lost", "body"),
      (["lost": true, "handled": true], "handled", "lost"),
      (["hang": true, "reset": "before_handling"], "reset", "hang"),
      (["hang": true, "http_status": 500], "http_status", "hang"),
      (["reset": "after_handling", "http_status": 500], "http_status", "reset"),
      (["reset": "after_handling", "lost": true], "lost", "reset"),
      (["reset": "after_handling", "handle_later_s": 5], "handle_later_s", "reset"),
      (["reset": "after_handling", "handled": false], "handled", "reset"),
      (["reset": "before_handling", "handled": true], "handled", "reset"),
      (["reset": "before_handling", "session_fails_s": 5], "session_fails_s", "reset"),
      (["truncate_body": 5, "drip_ms": 5], "drip_ms", "truncate_body"),
      (["handle_later_s": 5, "handled": true], "handled", "handle_later_s"),
      (["handle_later_s": 5, "headers": ["a": "b"]], "headers", "handle_later_s"),
      (["handle_later_s": 5, "set": ["/data/status": 4]], "set", "handle_later_s"),
      (["handle_later_s": 5, "http_status": 504, "page": 1], "page", "http_status"),
      (["http_status": 500, "msg": "slow down"], "msg", "akool_code"),
      (["akool_code": 1005, "session_fails_s": 5], "session_fails_s", "akool_code"),
    ] as [(JSON, String, String)])
  func combination_isRefused_whenAMemberHasNoEffect(fault: JSON, idle: String, other: String) throws {
    let scene = try Scene()
    let refused = scene.admin("POST", "faults", ["rules": [["fault": fault]]])
    #expect(refused["code"] == 1003)
    let message = refused["msg"]?.string ?? ""
    #expect(message.contains("\"\(idle)\"") && message.contains("\"\(other)\""), "\(message)")
    #expect(throws: AkoolError.self) { try SimulatorOptions(json: ["faults": [["fault": fault]]]) }
  }

  @Test(
    arguments: [
      ["lost": false, "hang": false, "data_null": false, "body": "{}"], ["hang": true, "handled": false],
      ["reset": "before_handling", "handle_later_s": 5, "duplicate_after_s": 6, "session_fails_s": 7],
      ["reset": "after_handling", "delay_ms": 5], ["http_status": 502, "body": "x", "handled": true],
      ["handle_later_s": 5, "http_status": 504, "headers": ["a": "b"], "truncate_body": 3],
      ["akool_code": 1005, "http_status": 429, "msg": "slow", "set": ["/data": 1]],
      ["akool_code": 1005, "duplicate_after_s": 5, "session_fails_s": 5], ["lost": true, "set": ["/data": 1]],
      ["lost": true, "drip_ms": 5, "headers": ["a": "b"]], ["handled": false],
    ] as [JSON])
  func combination_isTaken_whenEveryMemberHasAnEffect(fault: JSON) throws {
    #expect(try Scene().admin("POST", "faults", ["rules": [["fault": fault]]])["code"] == nil)
  }

  @Test(arguments: [
    (#"{"message":"timed out"}"#, "application/json"), (" \n{\"message\": 1}", "application/json"),
    ("[1, 2]", "application/json"), ("{oops", "text/html; charset=utf-8"), ("", "text/html; charset=utf-8"),
    (#"{"code":1000,"data":{"#, "text/html; charset=utf-8"), ("<html>", "text/html; charset=utf-8"),
  ])
  func body_hasTheTypeOfItsText(body: String, type: String) throws {
    let scene = try Scene()
    scene.fault(create, ["body": .string(body)])
    #expect(scene.createSession().header("content-type") == type)
  }

  @Test(
    arguments: [
      ["match": "session.create", "fault": ["hang": true]], ["match": [], "fault": ["hang": true]],
      ["match": .null, "fault": ["hang": true]], ["fault": ["set": ["data/status": 4]]],
      ["fault": ["remove": ["data"]]],
    ] as [JSON])
  func rule_isRefused_whenItCannotHaveAnEffect(rule: JSON) throws {
    #expect(try Scene().admin("POST", "faults", ["rules": [rule]])["code"] == 1003)
  }

  @Test func body_hasTheDeclaredType_whenAHeaderSaysSo() throws {
    let scene = try Scene()
    scene.fault(create, ["http_status": 502, "body": "{}", "headers": ["Content-Type": "text/plain"]])
    #expect(scene.createSession().reply.headers.filter { $0.name == "content-type" }.map(\.value) == ["text/plain"])
  }
}
