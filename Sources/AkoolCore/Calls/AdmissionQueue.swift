/// Lets so many transfers run at a time, first come first served.
///
/// libcurl's throughput falls with the number of connections, and its own caps ignore the deadlines of
/// transfers that wait.
final class AdmissionQueue {
  private let limit: Int
  private(set) var running = 0
  private var waiting = Queue<Ticket>()
  private var cancelledCount = 0

  private final class Ticket {
    var admit: (() -> Void)?
    init(_ admit: @escaping () -> Void) { self.admit = admit }
  }

  init(limit: Int) { self.limit = limit }

  var waitingCount: Int { waiting.count - cancelledCount }

  /// Waits for a place. `leave` must follow when the transfer has ended.
  func enter(_ scope: Scope) async throws(Interruption) {
    if running < limit {
      running += 1
      return
    }
    try await scope.suspend { (resume: @escaping (()) -> Void) in
      let ticket = Ticket { resume(()) }
      waiting.append(ticket)
      return { [self] in
        ticket.admit = nil
        cancelledCount += 1
      }
    }
  }

  func leave() {
    while !waiting.isEmpty {
      let ticket = waiting.removeFirst()
      if let admit = ticket.admit {
        admit()
        return
      }
      cancelledCount -= 1
    }
    running -= 1
  }
}
