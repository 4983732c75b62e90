import AkoolCore
import Testing

/// A client on a scripted transport.
struct TestClient {
  let client: Client
  let log = RequestLog()

  init(
    _ configuration: JSON = [:], clock: ManualClock? = nil, seed: UInt64? = nil,
    _ script: @escaping ScriptedTransport.Script
  ) throws {
    var settings: JSONObject = [
      "api_key": "key-of-the-test", "environment": false, "base_url": "https://service.example",
    ]
    for (key, value) in configuration.object?.members ?? [] { settings[key] = value.isNull ? nil : value }
    let log = log
    var surroundings = Surroundings(clock: clock)
    if let seed { surroundings.random = SeededGenerator(seed: seed) }
    client = try Client(
      configuration: .object(settings), transportFactory: { _, loop in ScriptedTransport(loop, log, script) },
      surroundings)
  }

  /// Calls and expects success.
  func data(_ operation: String, _ parameters: JSON = [:], options: JSON = [:]) throws -> JSON {
    let reply = try client.call(operation, parameters, options: options)
    #expect(reply.result == .ok, "\(reply.json)")
    return try #require(reply.json["data"])
  }

  /// Calls and expects a failure.
  func error(_ operation: String, _ parameters: JSON = [:], options: JSON = [:]) throws -> JSON {
    let reply = try client.call(operation, parameters, options: options)
    #expect(reply.result != .ok, "\(reply.json)")
    #expect(reply.json["error"]?["code"]?.string == reply.result.name)
    return try #require(reply.json["error"])
  }

  /// All events that wait.
  func events() throws -> [JSON] {
    var events: [JSON] = []
    while let event = try client.nextEvent(timeoutMilliseconds: 0) { events.append(event) }
    return events
  }
}

/// Answers of the service.
enum Answer {
  static func ok(_ data: JSON) -> ScriptedTransport.Step { .json(["code": 1000, "msg": "OK", "data": data]) }
  static func no(_ code: Int64, _ text: String = "no") -> ScriptedTransport.Step {
    .json(["code": .integer(code), "msg": .string(text)])
  }
  static func session(_ id: String, status: Int64, extra: JSONObject = [:]) -> ScriptedTransport.Step {
    var session: JSONObject = [
      "_id": .string(id), "uid": 7, "status": .integer(status), "stream_type": "agora",
      "credentials": ["agora_app_id": "app", "agora_channel": "room", "agora_token": "secret-token", "agora_uid": 5],
    ]
    session.merge(extra)
    return ok(.object(session))
  }
}
