import AkoolCore
import AkoolSimulator
import Testing

@Suite struct AuthenticationTests {
  private let target = "/api/open/v3/faceswap/quota/info"

  private func code(_ scene: Scene, _ headers: [(String, String)]) -> Int64? {
    scene.send("GET", target, headers: headers.map { HTTPHeader($0, $1) }).code
  }

  private func token(_ scene: Scene) -> String {
    scene.send(
      "POST", "/api/open/v3/getToken",
      body: ["clientId": "SIMULATED-client-id", "clientSecret": "simulator"], headers: []
    ).text("/token")
  }

  @Test func anAPIKeyOpensTheAccount() throws {
    #expect(code(try Scene(), [("x-api-key", "simulator")]) == 1000)
  }

  @Test func theHeaderNameMayHaveCapitals() throws {
    #expect(code(try Scene(), [("X-API-Key", "simulator")]) == 1000)
  }

  @Test(arguments: [[], [("x-api-key", "")], [("authorization", "")]] as [[(String, String)]])
  func withoutCredentialsItIs1102(headers: [(String, String)]) throws {
    #expect(code(try Scene(), headers) == 1102)
  }

  @Test(arguments: ["wrong", "Bearer simulator", " simulator", "simulator ", "SIMULATOR"])
  func aWrongKeyIs1101(key: String) throws {
    #expect(code(try Scene(), [("x-api-key", key)]) == 1101)
  }

  @Test func aTokenOpensTheAccount() throws {
    let scene = try Scene()
    #expect(code(scene, [("authorization", "Bearer \(token(scene))")]) == 1000)
    #expect(code(scene, [("Authorization", "bearer \(token(scene))")]) == 1000)
  }

  @Test func theMistakesOfTheWildFail() throws {
    let scene = try Scene()
    #expect(code(scene, [("authorization", "Bearer simulator")]) == 1101)
    #expect(code(scene, [("authorization", "Bearer SIMULATED-client-id:simulator")]) == 1101)
    #expect(code(scene, [("authorization", "simulator")]) == 1101)
    #expect(code(scene, [("authorization", "Bearer")]) == 1101)
    #expect(code(scene, [("authorization", "Basic \(token(scene))")]) == 1101)
    #expect(code(scene, [("x-api-key", token(scene))]) == 1101)
    #expect(scene.send("POST", "/api/v1/auth/token", body: [:]).reply.status == 404)
  }

  @Test func ofTwoHeadersTheBearerIsJudged() throws {
    let scene = try Scene()
    #expect(code(scene, [("authorization", "Bearer stale"), ("x-api-key", "simulator")]) == 1101)
    #expect(code(scene, [("authorization", "Bearer \(token(scene))"), ("x-api-key", "wrong")]) == 1000)
    #expect(code(scene, [("authorization", ""), ("x-api-key", "simulator")]) == 1000)
  }

  @Test func aTokenExpiresInSimulatedTime() throws {
    let scene = try Scene(["token_lifetime_s": 100])
    let header = [("authorization", "Bearer \(token(scene))")]
    scene.advance(99)
    #expect(code(scene, header) == 1000)
    scene.advance(1)
    #expect(code(scene, header) == 1101)
  }

  @Test func aBannedAccountIs1200Everywhere() throws {
    let scene = try Scene(["account_state": "banned"])
    #expect(code(scene, [("x-api-key", "simulator")]) == 1200)
    #expect(code(scene, [("x-api-key", "wrong")]) == 1101)
  }

  @Test func otherAccountsHaveTheirOwnCredit() throws {
    let scene = try Scene(["accounts": [["uid": 7, "api_key": "other", "credit": 12]]])
    let key = [HTTPHeader("x-api-key", "other")]
    #expect(scene.send("GET", target, headers: key).data == ["credit": 12])
    #expect(scene.credit == 6000)
    scene.createSession(["avatar_id": .string(Scene.avatar), "duration": 10], headers: key)
    #expect(scene.send("GET", target, headers: key).data == ["credit": 11])
    #expect(scene.credit == 6000)
  }

  @Test func theHTTPStatusOfAuthenticationIsASwitch() throws {
    let scene = try Scene(["auth_error_status": 401])
    #expect(scene.send("GET", target, headers: []).reply.status == 401)
    #expect(scene.detail("666d3006247f07725af0f884").reply.status == 200)
  }

  @Test func anAccountCanHaveTwoKeys() throws {
    let scene = try Scene(["api_keys": ["second"]])
    let second = [HTTPHeader("x-api-key", "second")]
    let id = scene.open()
    #expect(scene.send("GET", "/api/open/v4/liveAvatar/session/detail?id=\(id)", headers: second).code == 1000)
    #expect(scene.createSession(headers: [HTTPHeader("x-api-key", "third")]).code == 1101)
  }

  @Test func accountsOfOneUID_areOneAccount() throws {
    let scene = try Scene([
      "accounts": [
        ["uid": 7, "api_key": "a", "credit": 12], ["uid": 7, "api_key": "b", "client_id": "me"],
        ["uid": 100_010, "api_key": "c"],
      ]
    ])
    for key in ["a", "b"] {
      #expect(scene.send("GET", target, headers: [HTTPHeader("x-api-key", key)]).data == ["credit": 12])
    }
    #expect(scene.send("GET", target, headers: [HTTPHeader("x-api-key", "c")]).data == ["credit": 6000])
    #expect(scene.books["accounts"]?.array?.map { $0["uid"] } == [100_010, 7])
    let pair: JSON = ["clientId": "me", "clientSecret": "b"]
    #expect(scene.send("POST", "/api/open/v3/getToken", body: pair, headers: []).code == 1000)
    let mixed: JSON = ["clientId": "me", "clientSecret": "a"]
    #expect(scene.send("POST", "/api/open/v3/getToken", body: mixed, headers: []).code == 1101)
  }

  @Test func anyKeyCanBeGood() throws {
    let scene = try Scene(["any_key": true])
    let quota = "/api/open/v3/faceswap/quota/info"
    #expect(scene.send("GET", quota, headers: [HTTPHeader("x-api-key", "whatever")]).code == 1000)
    #expect(scene.send("GET", quota, headers: [HTTPHeader("authorization", "Bearer whatever")]).code == 1000)
    #expect(scene.send("GET", quota, headers: []).code == 1102)
    let pair: JSON = ["clientId": "mine", "clientSecret": "secret"]
    #expect(scene.send("POST", "/api/open/v3/getToken", body: pair, headers: []).code == 1000)
  }

  @Test func anExpiredTokenIsRefusedWhereAnyKeyIsGood() throws {
    let scene = try Scene(["any_key": true, "token_lifetime_s": 10])
    let pair: JSON = ["clientId": "mine", "clientSecret": "secret"]
    let token = scene.send("POST", "/api/open/v3/getToken", body: pair, headers: []).text("/token")
    scene.advance(11)
    let headers = [HTTPHeader("authorization", "Bearer \(token)")]
    #expect(scene.send("GET", "/api/open/v3/faceswap/quota/info", headers: headers).code == 1101)
  }
}
