import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct ConnectionLimiterTests {
  /// A transport of which only the number of ready connections matters.
  private final class Connections: Transport {
    let isSimulated = false
    var readyConnections = Int.max
    var onReadyConnection: (() -> Void)?

    func start(_ request: HTTPRequest, completion: @escaping (TransferOutcome) -> Void) -> any Transfer {
      preconditionFailure("nothing is sent")
    }

    func shutDown() {}
  }

  private final class Entered {
    var places: [(call: Int, place: ConnectionLimiter.Place)] = []
    var interrupted: [Int] = []
    var calls: [Int] { places.map(\.call) }
  }

  private final class Handle { var scope: Scope? }

  private let stepped: SteppedLoop
  private let connections = Connections()
  private let entered = Entered()

  init() throws { stepped = try SteppedLoop() }

  private func limiter(_ limit: Int) -> ConnectionLimiter { ConnectionLimiter(limit: limit, connections) }

  @discardableResult
  private func enter(_ limiter: ConnectionLimiter, _ call: Int, _ path: String, isUrgent: Bool = false) -> Handle {
    let handle = Handle()
    stepped.start {
      let scope = Scope(stepped.loop, timeout: 60_000)
      handle.scope = scope
      do throws(Interruption) {
        entered.places.append((call, try await limiter.enter(path, isUrgent: isUrgent, scope)))
      } catch {
        entered.interrupted.append(call)
      }
      scope.end()
    }
    return handle
  }

  private func leaveFirst(_ limiter: ConnectionLimiter) {
    let place = entered.places.removeFirst().place
    stepped.perform { limiter.leave(place) }
  }

  @Test func paths_takeTurns_whenTheyWait() {
    let limiter = limiter(2)
    for call in 0..<4 { enter(limiter, call, "/a") }
    for call in 10..<12 { enter(limiter, call, "/b") }
    #expect(entered.calls == [0, 10])
    for _ in 0..<6 { leaveFirst(limiter) }
    #expect(entered.places.isEmpty && limiter.runningCount == 0 && limiter.waitingCount == 0)
  }

  @Test(arguments: [2, 4, 16, 64]) func onePath_leavesPlaces_forOthers(limit: Int) {
    let limiter = limiter(limit)
    for call in 0..<200 { enter(limiter, call, "/hang") }
    let hanging = entered.places.count
    #expect(hanging < limit && hanging >= max(1, limit * 3 / 4))
    enter(limiter, 1_000, "/other")
    #expect(entered.calls.last == 1_000)
  }

  @Test func singlePlace_isTakenByAnyPath() {
    let limiter = limiter(1)
    enter(limiter, 0, "/a")
    enter(limiter, 1, "/b")
    #expect(entered.calls == [0])
    leaveFirst(limiter)
    #expect(entered.calls == [1])
  }

  @Test func urgentTransfers_haveTheirOwnPlaces() {
    let limiter = limiter(1)
    enter(limiter, 0, "/a")
    for call in 1...10 { enter(limiter, call, "/close", isUrgent: true) }
    #expect(entered.calls == [0] + Array(1...ConnectionLimiter.urgentPlaces))
    let urgent = entered.places.remove(at: 1).place
    stepped.perform { limiter.leave(urgent) }
    #expect(entered.calls.contains(ConnectionLimiter.urgentPlaces + 1))
  }

  @Test func newConnections_areAFewAtATime() {
    let limiter = limiter(64)
    connections.readyConnections = 0
    for call in 0..<40 { enter(limiter, call, "/\(call)") }
    #expect(entered.places.count == ConnectionLimiter.newConnections)
    connections.readyConnections = 5
    stepped.perform { limiter.admit() }
    #expect(entered.places.count == ConnectionLimiter.newConnections + 5)
  }

  @Test func place_isFree_whenAWaiterIsCancelled() {
    let limiter = limiter(1)
    enter(limiter, 0, "/a")
    let waiting = (1...100).map { enter(limiter, $0, "/a") }
    enter(limiter, 200, "/a")
    stepped.perform { for handle in waiting { handle.scope?.interrupt(.cancelled) } }
    #expect(entered.interrupted.count == 100 && limiter.waitingCount == 1)
    leaveFirst(limiter)
    #expect(entered.calls == [200])
  }

  @Test func random_orders_loseNoPlace() {
    var random = SeededGenerator(seed: 3)
    let limiter = limiter(6)
    var handles: [Handle] = []
    for call in 0..<2_000 {
      switch Int.random(in: 0..<5, using: &random) {
      case 0 where !entered.places.isEmpty:
        let index = Int.random(in: 0..<entered.places.count, using: &random)
        let place = entered.places.remove(at: index).place
        stepped.perform { limiter.leave(place) }
      case 1: stepped.perform { handles.randomElement(using: &random)?.scope?.interrupt(.cancelled) }
      case 2:
        connections.readyConnections = Int.random(in: 0...8, using: &random)
        stepped.perform { limiter.admit() }
      default:
        let path = "/\(Int.random(in: 0..<4, using: &random))"
        handles.append(enter(limiter, call, path, isUrgent: Int.random(in: 0..<8, using: &random) == 0))
      }
      #expect(limiter.runningCount == entered.places.count)
      #expect(limiter.runningCount <= 6 + ConnectionLimiter.urgentPlaces)
    }
    connections.readyConnections = .max
    while limiter.runningCount > 0 { leaveFirst(limiter) }
    #expect(limiter.waitingCount == 0 && entered.places.isEmpty)
  }
}
