/// Lets so many transfers run at a time, first come first served.
///
/// libcurl's throughput falls with the number of connections, and its own caps ignore the deadlines of
/// transfers that wait.
final class AdmissionQueue {
  /// How many transfers may begin with a new connection at a time.
  static let newConnections = 8

  private let limit: Int
  private let transport: any Transport
  private(set) var running = 0
  private var waiting = Queue<Ticket>()
  private var cancelledCount = 0

  private final class Ticket {
    var admit: (() -> Void)?
    init(_ admit: @escaping () -> Void) { self.admit = admit }
  }

  init(limit: Int, _ transport: any Transport) {
    self.limit = limit
    self.transport = transport
  }

  private var isOpen: Bool {
    let ready = transport.readyConnections
    return running < (ready < limit ? min(limit, ready + Self.newConnections) : limit)
  }

  var waitingCount: Int { waiting.count - cancelledCount }

  /// Takes a place if there is one. `leave` must follow when the transfer has ended.
  func enterAtOnce() -> Bool {
    guard isOpen else { return false }
    running += 1
    return true
  }

  /// Waits for a place. `leave` must follow when the transfer has ended.
  func enter(_ scope: Scope) async throws(Interruption) {
    try await scope.suspend { (resume: @escaping (()) -> Void) in
      let ticket = Ticket { resume(()) }
      waiting.append(ticket)
      return { [self] in
        ticket.admit = nil
        cancelledCount += 1
      }
    }
  }

  /// A transfer has ended; its connection may have made room for more than one other.
  func leave() {
    running -= 1
    while isOpen, !waiting.isEmpty {
      if let admit = waiting.removeFirst().admit {
        running += 1
        admit()
      } else {
        cancelledCount -= 1
      }
    }
  }
}
