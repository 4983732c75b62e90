import AkoolCore
import Foundation

/// Sessions as AKOOL keeps them, for tests that step the time: what is created is open until it is closed.
final class FakeService: @unchecked Sendable {
  private let lock = NSLock()
  private var sessions: [(id: String, status: Int64, room: String?)] = []
  private var script: [String: [ScriptedTransport.Step]] = [:]
  private let clock: ManualClock
  /// How far AKOOL's calendar is before ours, in milliseconds; it is told by `Date` headers then.
  private let ahead: Int64?

  init(_ clock: ManualClock, ahead: Int64? = nil) {
    self.clock = clock
    self.ahead = ahead
  }

  private var now: Int64 { clock.wallMilliseconds + (ahead ?? 0) }

  /// Answers the next request to a path that ends so with this, whatever it would be otherwise.
  func next(_ path: String, _ step: ScriptedTransport.Step) { lock.withLock { script[path, default: []].append(step) } }

  /// Opens a session that nobody was told of: its create's reply got lost, or somebody else opened it.
  @discardableResult
  func open(room: String? = nil) -> String { lock.withLock { add(room) } }

  /// Ends a session from AKOOL's side.
  func end(_ id: String, status: Int64 = 3) { lock.withLock { set(id, status) } }

  var openIDs: [String] { lock.withLock { sessions.filter { $0.status < 3 }.map(\.id) } }

  func answer(_ request: HTTPRequest) -> ScriptedTransport.Step {
    lock.withLock {
      let path = String(request.url.dropFirst("https://service.example".count).prefix { $0 != "?" })
      let name = "/" + (path.split(separator: "/").last ?? "")
      if let step = script[name]?.first {
        script[name]?.removeFirst()
        return step
      }
      switch name {
      case "/create": return Answer.session(add(request.json["credentials"]?["agora_channel"]?.string), status: 1)
      case "/close":
        guard known(request.json["id"]?.string) else { return Answer.no(1216) }
        set(request.json["id"]?.string ?? "", 3)
        return .json(["code": 1000])
      case "/detail": return detail(query(request, "id"))
      case "/list": return list(query(request, "status"), Int(query(request, "page")) ?? 1)
      case "/info": return Answer.ok(["credit": 100])
      default: return Answer.no(1008)
      }
    }
  }

  private func add(_ room: String?) -> String {
    let seconds = UInt32(clamping: now / 1000)
    let id = String(format: "%08x%016x", seconds, sessions.count + 1)
    sessions.append((id, 2, room))
    return id
  }

  private func known(_ id: String?) -> Bool { sessions.contains { $0.id == id } }

  private func set(_ id: String, _ status: Int64) {
    guard let index = sessions.firstIndex(where: { $0.id == id }) else { return }
    sessions[index].status = status
  }

  private func detail(_ id: String) -> ScriptedTransport.Step {
    guard let session = sessions.first(where: { $0.id == id }) else { return Answer.no(1008) }
    return Answer.session(id, status: session.status)
  }

  private func list(_ status: String, _ page: Int) -> ScriptedTransport.Step {
    let matching = sessions.filter { status.isEmpty || String($0.status) == status }
    let shown = matching.dropFirst((page - 1) * 100).prefix(100)
    let result = shown.map { session -> JSON in
      var object: JSONObject = ["_id": .string(session.id), "status": .integer(session.status)]
      object["credentials"] = session.room.map { ["agora_channel": .string($0)] }
      return .object(object)
    }
    let page: JSON = ["count": .integer(Int64(matching.count)), "result": .array(result)]
    return .json(["code": 1000, "data": page], headers: date)
  }

  private var date: [HTTPHeader] {
    guard ahead != nil else { return [] }
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return [HTTPHeader("date", format.string(from: Date(timeIntervalSince1970: Double(now / 1000))))]
  }

  private func query(_ request: HTTPRequest, _ name: String) -> String {
    let items = URLComponents(string: request.url)?.queryItems ?? []
    return items.first { $0.name == name }?.value ?? ""
  }
}

/// A client on such a service, with a clock that is moved by hand.
struct SessionScene {
  let clock: ManualClock
  let service: FakeService
  let test: TestClient

  init(_ configuration: JSON = [:], jumps: Bool = false, serverAhead ahead: Int64? = nil) throws {
    let clock = ManualClock(jumps: jumps)
    let service = FakeService(clock, ahead: ahead)
    (self.clock, self.service) = (clock, service)
    test = try TestClient(configuration, clock: clock) { request, _ in service.answer(request) }
  }

  func create(_ more: JSONObject = [:], options: JSON = [:]) throws -> String {
    var parameters: JSONObject = ["avatar_id": "a", "duration": 100]
    parameters.merge(more)
    return try test.data("session.create", .object(parameters), options: options)["_id"]?.string ?? ""
  }

  /// Moves the clock and waits for a turn of the client's loop. Deadlines count from the start of a turn: a call taken in
  /// by a turn from before the move would time out immediately.
  func advance(milliseconds: Int64) throws {
    clock.advance(milliseconds: milliseconds)
    _ = try test.client.call("client.stats")
  }

  /// Submits a call and moves the clock in steps of a quarter of a second until it has ended.
  func call(_ operation: String, _ parameters: JSON, options: JSON = [:]) throws -> Reply {
    let request = try test.client.submit(
      operation: operation, parameters: .success(parameters), options: .success(options), delivery: .wait)
    return try reply(request)
  }

  func reply(_ request: UInt64) throws -> Reply {
    for _ in 0..<400 {
      do { return try test.client.wait(request, timeoutMilliseconds: 20) } catch let error as AkoolError {
        guard error.code == .timeout else { throw error }
        clock.advance(milliseconds: 250)
      }
    }
    throw AkoolError(.internal, "the call has not ended in 100 s of its clock")
  }

  /// Moves the clock in steps of half a second, as timers want it, until there is an event of this type.
  func event(_ type: String, within seconds: Int) throws -> JSON? {
    for _ in 0...(seconds * 2) {
      while let event = try test.client.nextEvent(timeoutMilliseconds: 20) {
        if event["type"]?.string == type { return event }
      }
      clock.advance(milliseconds: 500)
    }
    return nil
  }

  /// Moves the clock as long and expects no event of this type.
  func hasNo(_ type: String, for seconds: Int) throws -> Bool { try event(type, within: seconds) == nil }
}
