import AkoolCore
import AkoolSimulator

/// A service with stepped time, and short ways to talk to it.
final class Scene {
  static let start: Int64 = 1_800_000_000_000
  static let avatar = "dvp_Tristan_cloth2_1080P"

  let service: SimulatedService

  /// Stepped time from `start` and a seed, unless the options say otherwise.
  init(_ options: JSON = [:], monotonicMilliseconds: (() -> Int64)? = nil) throws {
    var all = JSONObject([("time", "stepped"), ("start_ms", .integer(Self.start)), ("seed", 7)])
    all.merge(options.object ?? JSONObject())
    service = SimulatedService(
      options: try SimulatorOptions(json: .object(all)), monotonicMilliseconds: monotonicMilliseconds)
  }

  static let key = [HTTPHeader("x-api-key", "simulator")]

  /// Sends a request and gives the reply with its body read as JSON.
  @discardableResult
  func send(
    _ method: String, _ target: String, body: JSON? = nil, headers: [HTTPHeader] = Scene.key
  ) -> Received {
    send(method, target, bytes: body?.serializedBytes() ?? [], headers: headers)
  }

  @discardableResult
  func send(_ method: String, _ target: String, bytes: [UInt8], headers: [HTTPHeader] = Scene.key) -> Received {
    Received(
      service.handle(SimulatedRequest(method: method, target: target, headers: headers, body: bytes, connection: 3)))
  }

  // MARK: The API

  @discardableResult
  func createSession(_ parameters: JSON = ["avatar_id": .string(Scene.avatar)], headers: [HTTPHeader] = Scene.key)
    -> Received
  {
    send("POST", "/api/open/v4/liveAvatar/session/create", body: parameters, headers: headers)
  }

  /// Opens a session and gives its id.
  func open(_ avatar: String = Scene.avatar, duration: Int64 = 600) -> String {
    createSession(["avatar_id": .string(avatar), "duration": .integer(duration)]).text("/data/_id")
  }

  @discardableResult
  func close(_ id: String) -> Received {
    send("POST", "/api/open/v4/liveAvatar/session/close", body: ["id": .string(id)])
  }

  func detail(_ id: String) -> Received { send("GET", "/api/open/v4/liveAvatar/session/detail?id=\(id)") }

  @discardableResult
  func sessions(_ query: String = "") -> Received { send("GET", "/api/open/v4/liveAvatar/session/list?\(query)") }

  @discardableResult
  func createAvatar(_ id: String = "myAvatar", url: String = "https://example.com/me.mp4", _ more: JSON = [:])
    -> Received
  {
    var body = JSONObject([
      ("url", .string(url)), ("avatar_id", .string(id)), ("name", "Me"), ("type", 2), ("url_from", 1),
    ])
    for (name, value) in more.object?.members ?? [] { body[name] = value.isNull ? nil : value }
    return send("POST", "/api/open/v3/avatar/create", body: .object(body))
  }

  func avatarStatus(_ id: String) -> Int64? {
    send("GET", "/api/open/v3/avatar/detail?id=\(id)").json.value(at: "/data/0/status")?.integer
  }

  var credit: Double {
    send("GET", "/api/open/v3/faceswap/quota/info").json.value(at: "/data/credit")?.double ?? .nan
  }

  // MARK: The simulator

  func advance(_ seconds: Int64) { admin("POST", "clock", ["advance_s": .integer(seconds)]) }

  @discardableResult
  func admin(_ method: String, _ name: String, _ body: JSON? = nil) -> JSON {
    let received = send(method, "/_simulator/\(name)", body: body, headers: [])
    return received.json["data"] ?? received.json
  }

  func fault(_ match: JSON, _ fault: JSON) {
    admin("POST", "faults", ["rules": [["match": match, "fault": fault]]])
  }

  func change(_ options: JSON) { admin("POST", "options", options) }

  var books: JSON { admin("GET", "books") }

  /// An array; a line that is not there is nil.
  var log: JSON { admin("GET", "requests")["requests"] ?? .null }

  var logLines: [JSON] { log.array ?? [] }
}

/// A reply as a test looks at it.
struct Received {
  let reply: SimulatedReply
  let json: JSON

  init(_ reply: SimulatedReply) {
    self.reply = reply
    json = (try? JSON.parse(serverBytes: reply.body)) ?? .null
  }

  var code: Int64? { json["code"]?.integer }

  var data: JSON? { json["data"] }

  func text(_ pointer: String) -> String { json.value(at: pointer)?.string ?? "nothing at \(pointer)" }

  func header(_ name: String) -> String? { reply.headers.first { $0.name == name }?.value }
}
