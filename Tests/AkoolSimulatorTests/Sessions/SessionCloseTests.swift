import AkoolCore
import AkoolSimulator
import Testing

@Suite struct SessionCloseTests {
  @Test func closingRefundsWhatIsUnused() throws {
    let scene = try Scene(["credit": 1000, "credit_per_second": 1])
    let id = scene.open(duration: 600)
    #expect(scene.credit == 400)
    scene.advance(100)
    let closed: JSON = ["session_id": .string(id), "status": "closed", "closed_at": .integer(Scene.start + 100_000)]
    #expect(scene.close(id).json == ["code": 1000, "msg": "OK", "data": closed])
    #expect(scene.credit == 900)
    #expect(scene.detail(id).data?["status"] == 3)
    scene.advance(1000)
    #expect(scene.credit == 900)
  }

  @Test func usedTimeIsRoundedUpToTheUnit() throws {
    let scene = try Scene(["credit": 1000, "credit_per_second": 1, "billing_unit_s": 60])
    let id = scene.open(duration: 600)
    scene.advance(61)
    scene.close(id)
    #expect(scene.credit == 880)
    let short = scene.open(duration: 30)
    scene.advance(1)
    scene.close(short)
    #expect(scene.credit == 850)
  }

  @Test func whatHasExpiredIsNotRefunded() throws {
    let scene = try Scene(["credit": 100, "credit_per_second": 1])
    let id = scene.open(duration: 60)
    scene.advance(60)
    #expect(scene.detail(id).data?["status"] == 3)
    #expect(scene.credit == 40)
    #expect(scene.books.value(at: "/sessions/0/end_reason") == "expired")
    #expect(scene.books.value(at: "/sessions/0/closed_at") == .integer(Scene.start + 60_000))
  }

  @Test func expiryIsDatedRightHoweverLateItIsNoticed() throws {
    let scene = try Scene(["refund_delay_s": 20])
    _ = scene.open(duration: 60)
    scene.advance(86_400)
    #expect(scene.books.value(at: "/sessions/0/closed_at") == .integer(Scene.start + 60_000))
    #expect(scene.createSession().code == 1000)
  }

  @Test func aRefundCanTakeTime() throws {
    let scene = try Scene(["credit": 100, "credit_per_second": 1, "refund_delay_s": 20])
    scene.close(scene.open(duration: 60))
    #expect(scene.credit == 40)
    #expect(scene.books["refund_pending"] == 60)
    scene.advance(19)
    #expect(scene.credit == 40)
    scene.advance(1)
    #expect(scene.credit == 100)
    #expect(scene.books["refund_pending"] == 0)
  }

  @Test func closingCanTakeTime() throws {
    let scene = try Scene(["close_takes_s": 3, "credit": 100, "credit_per_second": 1])
    let id = scene.open(duration: 60)
    #expect(scene.close(id).code == 1000)
    #expect(scene.detail(id).data?["status"] != 3)
    #expect(scene.createSession().code == 1215)
    scene.advance(1)
    #expect(scene.close(id).code == 1000)
    scene.advance(2)
    #expect(scene.detail(id).data?["status"] == 3)
    #expect(scene.credit == 97)
    #expect(scene.close(id).code == 1219)
  }

  @Test func aClosingSessionCanExpireFirst() throws {
    let scene = try Scene(["close_takes_s": 30])
    let id = scene.open(duration: 10)
    scene.close(id)
    scene.advance(60)
    #expect(scene.books.value(at: "/sessions/0/end_reason") == "expired")
    #expect(scene.books["open_sessions"] == 0)
    #expect(scene.detail(id).data?["status"] == 3)
  }

  @Test func closingTwiceHasACode() throws {
    let scene = try Scene()
    let id = scene.open()
    scene.close(id)
    #expect(scene.close(id).code == 1219)
    scene.change(["close_ended_code": 1216])
    #expect(scene.close(id).code == 1216)
    scene.change(["close_ended_code": 1000])
    #expect(scene.close(id).code == 1000)
    #expect(scene.credit == 6000)
  }

  @Test func whatIsNotTheAccountsCannotBeClosed() throws {
    let scene = try Scene(["accounts": [["uid": 7, "api_key": "other"]]])
    let other = [HTTPHeader("x-api-key", "other")]
    let foreign = scene.createSession(["avatar_id": .string(Scene.avatar)], headers: other).text("/data/_id")
    #expect(scene.close(foreign).code == 1216)
    #expect(scene.close("nonsense").code == 1216)
    #expect(scene.books["open_sessions"] == 1)
  }

  @Test func theIDIsRequired() throws {
    let scene = try Scene(["close_accepts_session_id": false])
    let id = scene.open()
    let target = "/api/open/v4/liveAvatar/session/close"
    #expect(scene.send("POST", target).code == 1003)
    #expect(scene.send("POST", target, body: ["id": ""]).code == 1003)
    #expect(scene.send("POST", target, body: ["id": 5]).code == 1003)
    #expect(scene.send("POST", target, body: ["session_id": .string(id)]).code == 1003)
    #expect(scene.send("POST", target, body: ["_id": .string(id), "id": .string(id)]).code == 1000)
  }

  @Test func sessionIDIsASwitch() throws {
    let scene = try Scene(["close_accepts_session_id": true])
    let target = "/api/open/v4/liveAvatar/session/close"
    #expect(scene.send("POST", target, body: ["session_id": .string(scene.open())]).code == 1000)
    #expect(scene.send("POST", target, body: ["id": .string(scene.open())]).code == 1000)
  }

  /// The YAML names `id`; clients that send both mean the same session.
  @Test func id_counts_besideSessionID() throws {
    let scene = try Scene()
    let id = scene.open()
    let target = "/api/open/v4/liveAvatar/session/close"
    let closed = scene.send("POST", target, body: ["session_id": "another", "id": .string(id)])
    #expect(closed.code == 1000 && closed.data?["session_id"] == .string(id))
  }

  @Test func closedAt_isTheEnd_whenTheSessionHasEnded() throws {
    let scene = try Scene(["close_ended_code": 1000])
    let id = scene.open(duration: 60)
    scene.advance(100)
    #expect(scene.close(id).data?["closed_at"] == .integer(Scene.start + 60_000))
  }

  @Test func theAnswerHasThreeShapes() throws {
    let scene = try Scene(["close_reply": "null"])
    #expect(scene.close(scene.open()).data == .null)
    scene.change(["close_reply": "data"])
    let id = scene.open()
    #expect(
      scene.close(id).data == [
        "session_id": .string(id), "status": "closed", "closed_at": .integer(Scene.start),
      ])
  }

  @Test func closingWhileQueueingCanBeIgnored() throws {
    let scene = try Scene(["close_while_queueing": false, "join_s": 2])
    let id = scene.open()
    #expect(scene.close(id).code == 1000)
    #expect(scene.detail(id).data?["status"] == 1)
    scene.advance(2)
    #expect(scene.close(id).code == 1000)
    #expect(scene.detail(id).data?["status"] == 3)
  }
}
