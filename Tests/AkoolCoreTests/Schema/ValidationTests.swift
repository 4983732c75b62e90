import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct ValidationTests {
  @Test func extraParametersAndValidateLetAUserPass() throws {
    let test = try TestClient { request, _ in Answer.session("s", status: request.url.hasSuffix("/create") ? 1 : 3) }
    _ = try test.data("session.create", ["avatar_id": "a", "extra_params": ["brand_new": true]])
    #expect(test.log.all[0].json["brand_new"] == true)
    _ = try test.data("session.create", ["avatar_id": "a", "duration": 7200], options: ["validate": "off"])
    #expect(test.log.matching("/create")[1].json["duration"] == 7200)
    try test.client.destroy()
  }
}
