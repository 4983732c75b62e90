import AkoolCore
import AkoolSimulator
import Testing

@Suite struct RoutingTests {
  @Test(arguments: [
    ("GET", "/"), ("GET", "/api/open/v3/getToken"), ("POST", "/api/open/v4/liveAvatar/session/list"),
    ("DELETE", "/api/open/v3/avatar/detail"), ("GET", "/api/open/v4/liveAvatar/session/list/"),
    ("GET", "/api/open/v4/liveAvatar/session/666d3006247f07725af0f884"), ("GET", ""),
    ("POST", "/api/v7/content/liveAvatar/session/create"), ("get", "/api/open/v3/avatar/list"),
  ])
  func unknownPathsAre404WithoutJSON(method: String, path: String) throws {
    let received = try Scene().send(method, path)
    #expect(received.reply.status == 404)
    #expect(received.json == .null)
    #expect(received.header("content-type")?.hasPrefix("text/html") == true)
    #expect(String(decoding: received.reply.body, as: UTF8.self).contains("Cannot \(method) \(path)"))
  }

  @Test func head_isAnsweredLikeGET() throws {
    let scene = try Scene()
    let received = scene.send("HEAD", "/api/open/v4/liveAvatar/session/list")
    #expect(received.reply.status == 200 && received.header("content-type") == "application/json; charset=utf-8")
    #expect(scene.log[0]?["method"] == "HEAD" && scene.log[0]?["operation"] == "session.list")
    #expect(scene.send("HEAD", "/api/open/v4/liveAvatar/session/close").reply.status == 404)
  }

  @Test func theComplaintIsEscaped() throws {
    let received = try Scene().send("GET", "/<script>&")
    #expect(String(decoding: received.reply.body, as: UTF8.self).contains("/&lt;script>&amp;"))
  }

  @Test func unknownPathsNeedNoCredentials() throws {
    #expect(try Scene().send("GET", "/nowhere", headers: []).reply.status == 404)
  }

  @Test func repliesAreJSONWithTheEnvelope() throws {
    let scene = try Scene()
    let received = scene.sessions()
    #expect(received.header("content-type") == "application/json; charset=utf-8")
    #expect(received.json.object?.keys == ["code", "msg", "data"])
    scene.change(["success_msg": "ok"])
    #expect(scene.sessions().text("/msg") == "ok")
  }

  @Test func errorsHaveThreeShapes() throws {
    let scene = try Scene()
    #expect(scene.detail("x").json.object?.keys == ["code", "msg"])
    scene.change(["error_data": "null"])
    #expect(scene.detail("x").data == .null)
    scene.change(["error_data": "object"])
    #expect(scene.detail("x").data == [:])
  }

  @Test func theStatusOfBusinessErrorsIsASwitch() throws {
    let scene = try Scene(["business_error_status": 400])
    #expect(scene.detail("x").reply.status == 400)
    #expect(scene.sessions().reply.status == 200)
  }
}
