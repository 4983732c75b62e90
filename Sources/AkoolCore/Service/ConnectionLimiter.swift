/// Bounds the transfers that run at a time.
///
/// libcurl's throughput falls with the number of connections, and its own limits ignore the deadlines of transfers that
/// wait. Paths with waiting transfers take turns, no path takes all places, and urgent transfers have places of their
/// own: one hanging peer does not stop the others. Lives on the event loop.
final class ConnectionLimiter {
  /// Most transfers that may begin with a new connection at a time: handshakes cost the I/O thread time.
  static let newConnections = 8
  /// Number of places that only urgent transfers take.
  static let urgentPlaces = 8

  /// A place that a transfer has taken, to be given back with `leave`.
  enum Place {
    case ordinary(Path)
    case urgent
  }

  /// Transfers of one path.
  final class Path {
    fileprivate let name: String
    fileprivate var running = 0
    fileprivate let waiting = WaiterList<Void>()
    fileprivate var hasTurn = false

    fileprivate init(_ name: String) { self.name = name }
  }

  private let limit: Int
  private let limitOfPath: Int
  private let transport: any Transport
  private var running = 0
  private var runningUrgent = 0
  private let urgent = WaiterList<Void>()
  private var paths: [String: Path] = [:]
  /// Number of paths at which idle ones are removed.
  private var mostPaths = 256
  private var latest: Path?
  /// Paths with waiting transfers, in the order of their turns.
  private var turns = Queue<Path>()

  init(limit: Int, _ transport: any Transport) {
    self.limit = limit
    limitOfPath = limit == 1 ? 1 : limit - max(1, limit / 16)
    self.transport = transport
  }

  var runningCount: Int { running + runningUrgent }
  var waitingCount: Int { paths.values.reduce(urgent.count) { $0 + $1.waiting.count } }

  /// Takes a place if there is one now.
  func enterAtOnce(_ name: String, isUrgent: Bool) -> Place? {
    if isUrgent {
      guard runningUrgent < Self.urgentPlaces else { return nil }
      runningUrgent += 1
      return .urgent
    }
    let path = path(name)
    guard turns.isEmpty, isOpen, path.running < limitOfPath else { return nil }
    return take(path)
  }

  /// Waits for a place.
  func enter(_ name: String, isUrgent: Bool, _ scope: Scope) async throws(Interruption) -> Place {
    if let place = enterAtOnce(name, isUrgent: isUrgent) { return place }
    if isUrgent {
      try await urgent.wait(scope)
      return .urgent
    }
    let path = path(name)
    giveTurn(path)
    try await path.waiting.wait(scope)
    return .ordinary(path)
  }

  /// Gives a place back.
  func leave(_ place: Place) {
    switch place {
    case .urgent: runningUrgent -= 1
    case .ordinary(let path):
      running -= 1
      path.running -= 1
      if !path.waiting.isEmpty { giveTurn(path) }
    }
    admit()
  }

  /// Admits what may run now. To be called when connections have become ready.
  func admit() {
    while runningUrgent < Self.urgentPlaces, urgent.resumeFirst(()) { runningUrgent += 1 }
    while !turns.isEmpty, isOpen { admitOne(turns.removeFirst()) }
  }

  private func admitOne(_ path: Path) {
    path.hasTurn = false
    guard path.running < limitOfPath, !path.waiting.isEmpty else { return }
    _ = take(path)
    path.waiting.resumeFirst(())
    if !path.waiting.isEmpty { giveTurn(path) }
  }

  /// A path that is full has no turn: others would wait behind it.
  private func giveTurn(_ path: Path) {
    guard !path.hasTurn, path.running < limitOfPath else { return }
    path.hasTurn = true
    turns.append(path)
  }

  private func take(_ path: Path) -> Place {
    running += 1
    path.running += 1
    return .ordinary(path)
  }

  private var isOpen: Bool {
    let ready = transport.readyConnections
    return running < (ready < limit ? min(limit, ready + Self.newConnections) : limit)
  }

  private func path(_ name: String) -> Path {
    if let latest, latest.name == name { return latest }
    let path = paths[name] ?? add(name)
    latest = path
    return path
  }

  private func add(_ name: String) -> Path {
    if paths.count >= mostPaths {
      paths = paths.filter { $0.value.running > 0 || !$0.value.waiting.isEmpty || $0.value.hasTurn }
      mostPaths = max(256, 2 * paths.count)
    }
    let path = Path(name)
    paths[name] = path
    return path
  }
}
