import Foundation
import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct LogTests {
  @Test func secretsAreInNoLogAndNoEvent() throws {
    let test = try TestClient(["api_key": "canary-key"]) { request, number in
      if number == 1 { return .fail(.connection, .notSent) }
      return Answer.session("s1", status: request.url.hasSuffix("/create") ? 1 : 3)
    }
    let text = OrderLog()
    try test.client.setLogCallback(level: .debug) { text.add($0.serialized()) }
    let parameters: JSON = ["avatar_id": "a", "voice_params": ["elevenlabs_settings": ["api_key": "canary-voice"]]]
    _ = try test.data("session.create", parameters, options: ["headers": ["X-Mine": "canary-header"]])
    for event in try test.events() { text.add(event.serialized()) }
    text.add(try test.data("client.stats").serialized())
    try test.client.destroy()
    #expect(text.texts.count > 3)
    #expect(!text.texts.joined().contains("canary") && !text.texts.joined().contains("secret-token"))
  }

  @Test func warningCountsAllFaultsAndListsTheFirst() throws {
    let test = try TestClient { _, _ in Answer.ok(["result": [], "count": 0]) }
    let text = OrderLog()
    try test.client.setLogCallback(level: .warning) { text.add($0.serialized()) }
    let parameters = JSON.object(JSONObject((0..<40).map { ("unknown_\($0)", .integer(1)) }))
    _ = try test.data("avatar.list", parameters, options: ["validate": "warn"])
    try test.client.destroy()
    let record = try #require(text.texts.first { $0.contains("in the parameters") })
    #expect(record.contains("avatar.list: 40 faults in the parameters"))
    #expect(record.components(separatedBy: "\"field\"").count - 1 == 16)
  }
}
