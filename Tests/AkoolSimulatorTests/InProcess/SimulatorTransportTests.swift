import AkoolSimulator
import Glibc
import Testing

@testable import AkoolCore

/// The transport on a loop of its own.
@Suite struct SimulatorTransportTests {
  /// What the loop's thread hands to the test's.
  private final class Box: @unchecked Sendable {
    // Written by the loop before it posts the semaphore, read by the test after it has waited for it.
    var outcomes: [TransferOutcome] = []
    var times: [UInt64] = []
    var transfer: (any Transfer)?
    var transport: SimulatorTransport?
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }
    deinit { semaphore.deallocate() }

    func wait() { sem_wait(semaphore) }
    func signal() { sem_post(semaphore) }
  }

  private let loop: EventLoop
  private let box = Box()
  private let world: SimulatedWorld

  init() throws {
    loop = try EventLoop()
    world = SimulatedWorld(options: try SimulatorOptions(json: ["time": "stepped", "seed": 7]))
  }

  private func fault(_ fault: JSON) {
    let rules: JSON = ["rules": [["fault": fault]]]
    _ = world.handle(
      SimulatedRequest(method: "POST", target: "/_simulator/faults", body: rules.serializedBytes()))
  }

  private var openSessions: JSON? {
    let reply = world.handle(SimulatedRequest(method: "GET", target: "/_simulator/books"))
    return (try? JSON.parse(serverBytes: reply.body))?.value(at: "/data/open_sessions")
  }

  /// Runs on the loop's thread and waits for it.
  private func onLoop(_ body: @escaping @Sendable (Box) -> Void) {
    loop.post { [box] in
      body(box)
      box.signal()
    }
    box.wait()
  }

  private static let create: HTTPRequest = {
    var request = HTTPRequest(
      method: "POST", url: "simulator://NAME/api/open/v4/liveAvatar/session/create",
      body: Array(#"{"avatar_id":"dvp_Tristan_cloth2_1080P"}"#.utf8), isRepeatable: false)
    request.headers = [HTTPHeader("X-API-Key", "simulator")]
    return request
  }()

  /// Starts the request, and does `next` in the same turn, before any timer can fire; its completion signals.
  private func start(next: @escaping @Sendable (Box) -> Void = { _ in }) {
    onLoop { [loop, world] box in
      let transport = SimulatorTransport(world: world, loop: loop)
      box.transport = transport
      // What timers count from: the beginning of this turn, which on a busy machine is a while ago.
      box.times = [loop.now.nanoseconds]
      box.transfer = transport.start(Self.create) { outcome in
        box.outcomes.append(outcome)
        box.times.append(EventLoop.monotonicNanoseconds())
        box.signal()
      }
      next(box)
    }
  }

  /// Drops what lives on the loop there, and ends it.
  private func finish() {
    onLoop { box in
      box.transport?.shutDown()
      box.transfer = nil
      box.transport = nil
    }
    loop.stopAndJoin()
  }

  private func outcome() throws -> TransferOutcome {
    start()
    box.wait()
    finish()
    try #require(box.outcomes.count == 1)
    return box.outcomes[0]
  }

  private func response() throws -> HTTPResponse {
    guard case .response(let response) = try outcome() else { throw Missing() }
    return response
  }

  private func failure() throws -> TransferFailure {
    guard case .failure(let failure) = try outcome() else { throw Missing() }
    return failure
  }

  private struct Missing: Error {}

  @Test func aReplyIsACompleteResponse() throws {
    let response = try response()
    #expect(response.status == 200)
    #expect(try JSON.parse(serverBytes: response.body)["code"] == 1000)
    #expect(response.header("content-type") == "application/json; charset=utf-8")
    #expect(response.header("content-length") == "\(response.body.count)")
    #expect(response.header("date") != nil)
    #expect(openSessions == 1)
  }

  @Test func completionComesAfterStartHasReturned() throws {
    onLoop { [loop, world] box in
      let transport = SimulatorTransport(world: world, loop: loop)
      #expect(transport.isSimulated)
      box.transport = transport
      box.transfer = transport.start(Self.create) { box.outcomes.append($0) }
      #expect(box.outcomes.isEmpty)
    }
    finish()
  }

  @Test(arguments: ["before_handling", "after_handling"]) func aResetIsABrokenConnection(reset: String) throws {
    fault(["reset": .string(reset)])
    let failure = try failure()
    #expect(failure.kind == .broken)
    #expect(failure.delivery == .maybeSent)
    #expect(openSessions == (reset == "after_handling" ? 1 : 0))
  }

  @Test func aTruncatedBodyIsABrokenConnection() throws {
    fault(["truncate_body": 10])
    let failure = try failure()
    #expect(failure.kind == .broken)
    #expect(failure.delivery == .maybeSent)
    #expect(openSessions == 1)
  }

  @Test func aBodyThatIsShorterThanTheCutIsComplete() throws {
    fault(["truncate_body": 1_000_000])
    #expect(try response().status == 200)
  }

  @Test func aDelayIsRealTime() throws {
    fault(["delay_ms": 60])
    #expect(try response().status == 200)
    #expect(box.times[1] - box.times[0] >= 60_000_000)
  }

  @Test func aDripTakesItsTimeForEveryByte() throws {
    fault(["body": "0123456789", "drip_ms": 5])
    #expect(try response().body == Array("0123456789".utf8))
    #expect(box.times[1] - box.times[0] >= 50_000_000)
  }

  @Test func aCancelledTransferDoesNotComplete() throws {
    fault(["delay_ms": 20])
    start { box in
      #expect(box.transfer?.cancel() == .maybeSent)
      #expect(box.transfer?.cancel() == .maybeSent)
    }
    waitForTimers(40)
    finish()
    #expect(box.outcomes.isEmpty)
    #expect(openSessions == 1)
  }

  @Test func shutDownEndsTransfers() throws {
    fault(["delay_ms": 20])
    start { box in box.transport?.shutDown() }
    waitForTimers(40)
    finish()
    #expect(box.outcomes.isEmpty)
  }

  @Test func aHungServerNeverAnswers() throws {
    fault(["hang": true])
    start()
    waitForTimers(20)
    onLoop { box in #expect(box.transfer?.cancel() == .maybeSent) }
    finish()
    #expect(box.outcomes.isEmpty)
  }

  /// Timers fire in order: when this one has, earlier ones have too.
  private func waitForTimers(_ milliseconds: Int64) {
    loop.post { [loop, box] in _ = loop.schedule(afterMilliseconds: milliseconds) { box.signal() } }
    box.wait()
  }

  @Test(arguments: [("HEAD", 200), ("GET", 204), ("GET", 304)])
  func body_isEmpty_whereHTTPHasNone(method: String, status: Int) throws {
    if status != 200 { fault(["http_status": .integer(Int64(status))]) }
    let response = try response(to: method, "simulator://NAME/voice/Xb7hH8MSUJpSbSDYk0k2.mp3")
    #expect(response.status == status && response.body.isEmpty)
    #expect(response.header("content-length") == (method == "HEAD" ? "128019" : nil))
  }

  @Test(arguments: [
    "simulator://NAME/_simulator/books", "simulator:/_simulator/books", "simulator:NAME/_simulator/books",
    "simulator:///_simulator/books", "simulator://NAME/_simulator/books?x=https://other/y",
  ])
  func theTargetIsWhatFollowsTheAuthority(url: String) throws {
    #expect(try response(to: "GET", url).status == 200)
  }

  private func response(to method: String, _ url: String) throws -> HTTPResponse {
    onLoop { [loop, world] box in
      let transport = SimulatorTransport(world: world, loop: loop)
      box.transport = transport
      let request = HTTPRequest(method: method, url: url, isRepeatable: true)
      box.transfer = transport.start(request) { outcome in
        box.outcomes.append(outcome)
        box.signal()
      }
    }
    box.wait()
    finish()
    guard case .response(let response) = box.outcomes.first else { throw Missing() }
    return response
  }
}
