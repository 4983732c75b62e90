import AkoolCore
import AkoolSimulator
import Testing

@Suite struct TokenTests {
  private func getToken(_ scene: Scene, _ body: JSON) -> Received {
    scene.send("POST", "/api/open/v3/getToken", body: body, headers: [])
  }

  private let good: JSON = ["clientId": "SIMULATED-client-id", "clientSecret": "simulator"]

  @Test func theTokenIsOnTheTopLevelAlone() throws {
    let received = getToken(try Scene(), good)
    #expect(received.json.object?.keys == ["code", "token"])
    #expect(received.code == 1000)
  }

  @Test func theTokenIsAJWTWithItsExpiry() throws {
    let parts = getToken(try Scene(["token_lifetime_s": 3600]), good).text("/token").split(separator: ".")
    try #require(parts.count == 3)
    let claims = try JSON.parse(serverBytes: Base64URL.decode(parts[1]))
    #expect(claims["uid"] == 100_010)
    #expect(claims["iat"] == .integer(Scene.start / 1000))
    #expect(claims["exp"] == .integer(Scene.start / 1000 + 3600))
    #expect(try JSON.parse(serverBytes: Base64URL.decode(parts[0])) == ["alg": "HS256", "typ": "JWT"])
  }

  @Test func twoTokensDifferAndBothWork() throws {
    let scene = try Scene()
    let tokens = [getToken(scene, good).text("/token"), getToken(scene, good).text("/token")]
    #expect(tokens[0] != tokens[1])
    for token in tokens {
      let header = [HTTPHeader("authorization", "Bearer \(token)")]
      #expect(scene.send("GET", "/api/open/v3/faceswap/quota/info", headers: header).code == 1000)
    }
  }

  @Test func whereTheTokenIsIsASwitch() throws {
    let inData = getToken(try Scene(["token_place": "data"]), good)
    #expect(inData.json["token"] == nil)
    #expect(inData.text("/data/token").hasPrefix("ey"))
    let both = getToken(try Scene(["token_place": "both"]), good)
    #expect(both.text("/data/token") == both.text("/token"))
  }

  @Test(
    arguments: [
      ["clientId": "SIMULATED-client-id"], ["clientSecret": "simulator"], [:],
      ["clientId": "", "clientSecret": "simulator"], ["clientId": 1, "clientSecret": "simulator"],
    ] as [JSON])
  func bothStringsAreRequired(body: JSON) throws {
    #expect(getToken(try Scene(), body).code == 1003)
  }

  @Test(arguments: ["wrong", "simulator ", " simulator", "Bearer simulator"])
  func aWrongSecretIsRefused(secret: String) throws {
    let body: JSON = ["clientId": "SIMULATED-client-id", "clientSecret": .string(secret)]
    #expect(getToken(try Scene(), body).code == 1101)
    #expect(getToken(try Scene(["wrong_secret_code": 1109]), body).code == 1109)
  }

  @Test func aRefusalNeverHasData() throws {
    #expect(getToken(try Scene(["error_data": "null"]), [:]).json.object?.keys == ["code", "msg"])
  }

  @Test func theSecretCanDifferFromTheKey() throws {
    let scene = try Scene(["client_id": "me", "client_secret": "mine"])
    #expect(getToken(scene, ["clientId": "me", "clientSecret": "mine"]).code == 1000)
    #expect(getToken(scene, ["clientId": "me", "clientSecret": "simulator"]).code == 1101)
  }
}
