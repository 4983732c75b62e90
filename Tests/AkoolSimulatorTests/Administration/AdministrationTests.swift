import AkoolCore
import AkoolSimulator
import Testing

@Suite struct AdministrationTests {
  @Test func itNeedsNoCredentialsAndIsNotLogged() throws {
    let scene = try Scene()
    #expect(scene.send("GET", "/_simulator/books", headers: []).code == 1000)
    #expect(scene.log == [])
  }

  @Test func unknownEndpointsAre404() throws {
    let scene = try Scene()
    for (method, name) in [("GET", "nothing"), ("POST", "books"), ("GET", "")] {
      #expect(scene.send(method, "/_simulator/" + name).reply.status == 404)
    }
    #expect(scene.send("GET", "/_simulator").json == .null)
  }

  @Test func aBodyThatIsNoObjectIsRefused() throws {
    let scene = try Scene()
    #expect(scene.send("POST", "/_simulator/clock", bytes: Array("[1]".utf8)).code == 1003)
    #expect(scene.send("POST", "/_simulator/clock", bytes: Array("{".utf8)).code == 1003)
  }

  @Test func optionsChangeAllOrNothing() throws {
    let scene = try Scene()
    #expect(scene.admin("POST", "options", ["busy_code": 1214, "close_takes_s": "soon"])["code"] == 1003)
    #expect(scene.admin("GET", "options")["busy_code"] == 1215)
    #expect(scene.admin("POST", "options", ["busy_code": 1214])["busy_code"] == 1214)
  }

  @Test(arguments: ["credit", "api_key", "uid", "time_scale", "profile", "faults", "log_capacity"])
  func someOptionsAreForTheStart(name: String) throws {
    let scene = try Scene()
    let refusal = scene.admin("POST", "options", [name: 1])
    #expect(refusal["code"] == 1003)
    #expect(refusal["msg"]?.string?.contains(name) == true)
    #expect(scene.admin("GET", "options")[name] == nil)
  }

  @Test func resetForgetsEverything() throws {
    let scene = try Scene(["credit": 100])
    _ = scene.open()
    scene.fault([:], ["hang": true])
    scene.change(["busy_code": 1214])
    scene.advance(100)
    #expect(scene.admin("POST", "reset")["now_ms"] == .integer(Scene.start))
    #expect(scene.books["sessions"] == [])
    #expect(scene.credit == 100)
    #expect(scene.logLines.count == 1)
    #expect(scene.admin("GET", "options")["busy_code"] == 1215)
  }

  @Test func resetTakesNewOptions() throws {
    let scene = try Scene()
    scene.admin("POST", "reset", ["credit": 5, "time": "stepped"])
    #expect(scene.credit == 5)
    #expect(scene.admin("POST", "reset", ["credits": 5])["code"] == 1003)
    #expect(scene.credit == 5)
  }
}
