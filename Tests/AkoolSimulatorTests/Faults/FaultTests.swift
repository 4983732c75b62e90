import AkoolCore
import AkoolSimulator
import Testing

@Suite struct FaultTests {
  private let create: JSON = ["operation": "session.create"]

  @Test func aDelayIsDeliveredByTheFront() throws {
    let scene = try Scene()
    scene.fault(create, ["delay_ms": 250])
    let received = scene.createSession()
    #expect(received.code == 1000)
    #expect(received.reply.delivery == SimulatedDelivery(delayMilliseconds: 250))
  }

  @Test func anHTTPStatusComesInPlaceOfHandling() throws {
    let scene = try Scene()
    scene.fault(create, ["http_status": 503, "headers": ["Retry-After": "7"]])
    let received = scene.createSession()
    #expect(received.reply.status == 503)
    #expect(received.json == .null)
    #expect(received.header("retry-after") == "7")
    #expect(received.header("content-type")?.hasPrefix("text/html") == true)
    #expect(scene.credit == 6000)
  }

  @Test func itCanComeAfterHandling() throws {
    let scene = try Scene()
    scene.fault(create, ["http_status": 502, "handled": true])
    #expect(scene.createSession().reply.status == 502)
    #expect(scene.credit == 5940)
    #expect(scene.log[0]?["outcome"] == 1000)
    #expect(scene.log[0]?["reply_status"] == 502)
  }

  @Test func aBusinessCodeComesInPlaceOfHandling() throws {
    let scene = try Scene()
    scene.fault(create, ["akool_code": 1005, "msg": "slow down"])
    let received = scene.createSession()
    #expect(received.json == ["code": 1005, "msg": "slow down"])
    #expect(received.reply.status == 200)
    #expect(scene.credit == 6000)
  }

  @Test func aBusinessCodeCanHaveAStatus() throws {
    let scene = try Scene()
    scene.fault(create, ["akool_code": 1005, "http_status": 429])
    let received = scene.createSession()
    #expect(received.code == 1005)
    #expect(received.reply.status == 429)
  }

  @Test func aBodyCanBeAnything() throws {
    let scene = try Scene()
    scene.fault(create, ["body": "<html>"])
    let received = scene.createSession()
    #expect(received.reply.status == 200)
    #expect(String(decoding: received.reply.body, as: UTF8.self) == "<html>")
  }

  @Test func truncatedAndDrippedBodiesAreHandled() throws {
    let scene = try Scene(["official_avatars_shared": true])
    scene.fault(create, ["truncate_body": 10])
    #expect(scene.createSession().reply.delivery.form == .truncated(bodyBytes: 10))
    scene.fault(create, ["drip_ms": 3])
    let dripped = scene.createSession()
    #expect(dripped.reply.delivery.form == .dripped(millisecondsPerByte: 3))
    #expect(dripped.code == 1000)
    #expect(scene.credit == 5880)
  }

  @Test func aResetBeforeHandlingCostsNothing() throws {
    let scene = try Scene()
    scene.fault(create, ["reset": "before_handling"])
    #expect(scene.createSession().reply.delivery.form == .reset)
    #expect(scene.credit == 6000)
    #expect(scene.log[0]?["handled"] == false)
    #expect(scene.log[0]?["reply_code"] == nil)
  }

  @Test func aResetAfterHandlingCosts() throws {
    let scene = try Scene()
    scene.fault(create, ["reset": "after_handling"])
    #expect(scene.createSession().reply.delivery.form == .reset)
    #expect(scene.credit == 5940)
    let line = try #require(scene.log[0])
    #expect(line["handled"] == true)
    #expect(line["outcome"] == 1000)
    #expect(line["reply_code"] == nil)
    #expect(line["subject"] == scene.books.value(at: "/sessions/0/_id"))
  }

  @Test func aRequestCanBeHandledLater() throws {
    let scene = try Scene()
    scene.fault(create, ["reset": "before_handling", "handle_later_s": 5])
    #expect(scene.createSession().reply.delivery.form == .reset)
    scene.advance(4)
    #expect(scene.books["open_sessions"] == 0)
    scene.advance(10)
    #expect(scene.books.value(at: "/sessions/0/opened_at") == .integer(Scene.start + 5000))
    #expect(scene.credit == 5940)
    #expect(scene.log[0]?["handled_at"] == .integer(Scene.start + 5000))
    #expect(scene.log[0]?["outcome"] == 1000)
  }

  @Test func whatIsHandledLaterMeetsTheStateOfThen() throws {
    let scene = try Scene()
    scene.fault(create, ["handle_later_s": 5])
    scene.createSession()
    scene.admin("DELETE", "faults")
    #expect(scene.createSession().code == 1000)
    scene.advance(5)
    #expect(scene.log[0]?["outcome"] == 1215)
    #expect(scene.books["open_sessions"] == 1)
  }

  @Test func aReplyCanNeverCome() throws {
    let scene = try Scene()
    scene.fault(create, ["hang": true])
    #expect(scene.createSession().reply.delivery.form == .withheld)
    #expect(scene.books["open_sessions"] == 1)
  }

  @Test func dataCanBeNull() throws {
    let scene = try Scene()
    scene.fault(create, ["data_null": true])
    #expect(scene.createSession().json == ["code": 1000, "msg": "OK", "data": .null])
  }

  @Test func theAnswerCanBeBent() throws {
    let scene = try Scene()
    scene.fault(
      create,
      [
        "set": [
          "/data/status": 4, "/data/extra": [1, 2], "/nowhere/at/all": 1, "/data/credentials/agora_uid": "text",
        ],
        "remove": ["/data/stream_type", "/msg", "/data/nothing"],
      ])
    let received = scene.createSession()
    #expect(received.json.object?.keys == ["code", "data"])
    #expect(received.data?["status"] == 4)
    #expect(received.data?["extra"] == [1, 2])
    #expect(received.data?["stream_type"] == nil)
    #expect(received.json.value(at: "/data/credentials/agora_uid") == "text")
    scene.fault(["operation": "avatar.list"], ["set": ["/data/result/1": 0], "remove": ["/data/result/0"]])
    #expect(
      scene.send("GET", "/api/open/v4/liveAvatar/avatar/list").json.value(at: "/data/result")?.array?.count == 7)
  }

  @Test func aCloseCanBeLost() throws {
    let scene = try Scene()
    let id = scene.open()
    scene.fault(["operation": "session.close"], ["lost": true])
    #expect(scene.close(id).json == ["code": 1000, "msg": "OK"])
    #expect(scene.detail(id).data?["status"] == 1)
    #expect(scene.logLines.first { $0["operation"] == "session.close" }?["handled"] == false)
  }

  @Test func aSessionCanFail() throws {
    let scene = try Scene(["credit": 60])
    scene.fault(create, ["session_fails_s": 10])
    let id = scene.open()
    scene.advance(9)
    #expect(scene.detail(id).data?["status"] == 2)
    scene.advance(1)
    #expect(scene.detail(id).data?["status"] == 4)
    #expect(scene.credit == 59)
    #expect(scene.sessions("status=4").json.value(at: "/data/count") == 1)
    #expect(scene.createSession(["avatar_id": .string(Scene.avatar), "duration": 1]).code == 1000)
  }

  @Test func faultsCanBeInTheOptions() throws {
    let scene = try Scene(["faults": [["fault": ["akool_code": 1101]]]])
    #expect(scene.sessions().code == 1101)
    #expect(scene.send("POST", "/nowhere").code == 1101)
  }

  @Test(
    arguments: [
      [], ["rules": [["match": [:]]]], ["rules": [["fault": [:]]]], ["rules": [["fault": ["delay_ms": -1]]]],
      ["rules": [["fault": ["delay": 1]]]], ["rules": [["fault": ["reset": "sometimes"]]]],
      ["rules": [["match": ["nth": 0], "fault": ["hang": true]]]],
      ["rules": [["match": ["operations": "x"], "fault": ["hang": true]]]],
      ["rules": [["fault": ["http_status": 99]]]], ["rules": [["fault": ["headers": ["a": 1]]]]],
      ["rules": ["x"]], ["rules": [:]], ["more": []], ["rules": [["fault": ["hang": true], "extra": 1]]],
    ] as [JSON])
  func aWrongScriptIsRefusedAndChangesNothing(script: JSON) throws {
    let scene = try Scene()
    scene.fault(create, ["akool_code": 1005])
    #expect(scene.admin("POST", "faults", script)["code"] == 1003)
    #expect(scene.createSession().code == 1005)
  }

  @Test func aGatewayCanAnswerJSONAndHandleLater() throws {
    let scene = try Scene()
    scene.fault(create, ["http_status": 504, "body": #"{"message":"timed out"}"#, "handle_later_s": 30])
    let received = scene.createSession()
    #expect(received.reply.status == 504 && received.json == ["message": "timed out"])
    #expect(received.header("content-type") == "application/json")
    #expect(received.reply.delivery == SimulatedDelivery())
    #expect(scene.books["open_sessions"] == 0)
    scene.advance(30)
    #expect(scene.books["open_sessions"] == 1)
  }

  @Test func aRequestCanArriveTwice() throws {
    let scene = try Scene(["official_avatars_shared": true])
    scene.fault(create, ["duplicate_after_s": 5])
    #expect(scene.createSession().code == 1000)
    #expect(scene.books["open_sessions"] == 1)
    scene.advance(5)
    #expect(scene.books["open_sessions"] == 2)
  }

  @Test(arguments: ["handle_later_s", "duplicate_after_s"])
  func lateSession_fails_whenTheFaultSaysSo(late: String) throws {
    let scene = try Scene(["official_avatars_shared": true])
    scene.fault(create, [late: 5, "session_fails_s": 10])
    scene.createSession()
    scene.advance(14)
    #expect(scene.sessions("status=2").data?["count"] == 1)
    scene.advance(1)
    #expect(scene.sessions("status=2").data?["count"] == 0)
    #expect(scene.sessions("status=4").data?["count"] == (late == "handle_later_s" ? 1 : 2))
  }

  @Test func pagesOfAListCanBeTornAndRepeated() throws {
    let scene = try Scene(["official_avatars_shared": true, "session_list_order": "oldest_first"])
    let ids = (0..<5).map { _ in scene.open() }
    func shown(_ query: String) -> [String] {
      (scene.sessions(query).data?["result"]?.array ?? []).compactMap { $0["_id"]?.string }
    }
    let list: JSON = ["operation": "session.list"]
    #expect(shown("page=2&size=2") == Array(ids[2..<4]))
    scene.fault(list, ["page_shift": 1])
    #expect(shown("page=2&size=2") == Array(ids[3..<5]))
    scene.fault(list, ["page_shift": -1])
    #expect(shown("page=2&size=2") == Array(ids[1..<3]))
    scene.fault(list, ["page": 1])
    #expect(shown("page=2&size=2") == Array(ids[0..<2]))
  }
}
