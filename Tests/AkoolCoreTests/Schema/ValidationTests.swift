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

  /// A value that libakool computes with must be one, whatever AKOOL is sent.
  @Test(
    arguments: [
      ("session.create", ["avatar_id": "a", "slot_wait_ms": -1]),
      ("session.create", ["avatar_id": "a", "duration": "1"]),
      ("session.create", ["avatar_id": "a", "duration": 1e300]),
      ("session.create", ["avatar_id": "a", "extra_params": ["busy_wait_ms": .integer(.max)]]),
      ("session.list", ["all": true, "limit": .integer(.min)]), ("session.list", ["all": 1]),
      ("webhook.verify", ["body": "", "max_age_ms": -1]), ("webhook.verify", ["body": "", "max_age_ms": "1"]),
      ("message.encode", ["transport": "agora", "type": "chat", "text": "a", "limits": ["max_bytes": .integer(.min)]]),
      ("resource.list", ["expiring_within_ms": .integer(.max)]),
      ("resource.list", ["extra_params": ["expiring_within_ms": .integer(.max)]]),
    ] as [(String, JSON)]) func ownParameters_areChecked_inEveryMode(_ operation: String, _ parameters: JSON) throws
  {
    let test = try TestClient { _, _ in Answer.ok([]) }
    for mode in ["strict", "warn", "off"] {
      let error = try test.error(operation, parameters, options: ["validate": .string(mode)])
      #expect(error["code"] == "INVALID_ARGUMENT", "\(mode): \(error)")
    }
    #expect(test.log.count == 0)
    try test.client.destroy()
  }

  @Test func sentParameters_areNotChecked_whenValidateIsOff() throws {
    let test = try TestClient { _, _ in Answer.ok([]) }
    for parameters in [["size": 500], ["status": 9], ["brand_new": true]] as [JSON] {
      _ = try test.data("session.list", parameters, options: ["validate": "off"])
    }
    _ = try test.data("knowledge.list", ["size": 500], options: ["validate": "off"])
    try test.client.destroy()
  }
}
