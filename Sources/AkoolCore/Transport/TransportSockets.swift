internal import CLinux
internal import Glibc

/// The sockets of one transport, and what its loop does with them. It outlives the transport's handles.
final class TransportSockets: @unchecked Sendable {
  // `descriptors` is guarded by `lock`: the watchdog never touches a number that was closed. The cells are atomic.
  // Everything else belongs to the loop's thread.
  private let lock = Lock()
  private var descriptors: Set<Int32> = []
  private let cells = UnsafeMutablePointer<UInt>.allocate(capacity: Cell.count)
  private(set) var openCount = 0
  private var shaking: Set<Int32> = []
  private var hasFinishedHandshakes = false

  private enum Cell {
    /// Time at which the loop entered libcurl, or 0.
    static let busySince = 0
    /// Not 0 while transfers run.
    static let active = 1
    /// Not 0 if the watchdog broke the connections.
    static let broken = 2
    static let count = 3
  }

  init() { cells.initialize(repeating: 0, count: Cell.count) }

  deinit { cells.deallocate() }

  // MARK: Connections, on the loop's thread

  /// Number of connections that are ready for a request, or carry one.
  var readyCount: Int { openCount - shaking.count }

  func didOpen(_ descriptor: Int32) {
    _ = lock.withLock { descriptors.insert(descriptor) }
    openCount += 1
    shaking.insert(descriptor)
  }

  /// Call before the descriptor is closed.
  func willClose(_ descriptor: Int32) {
    _ = lock.withLock { descriptors.remove(descriptor) }
    openCount -= 1
    shaking.remove(descriptor)
  }

  /// The connection can carry a request, or the attempt has ended.
  func finishHandshake(_ descriptor: Int32) {
    if shaking.remove(descriptor) != nil { hasFinishedHandshakes = true }
  }

  /// Returns true if connections have become ready since the last call.
  func takeFinishedHandshakes() -> Bool {
    defer { hasFinishedHandshakes = false }
    return hasFinishedHandshakes
  }

  // MARK: The watchdog

  /// The loop goes into libcurl.
  func beginWork() { akool_store(cells + Cell.busySince, UInt(Instant.now.nanoseconds)) }

  /// The loop has come back.
  func endWork() { akool_store(cells + Cell.busySince, 0) }

  /// Returns true if the connections were broken since the last call.
  func takeBroken() -> Bool {
    guard akool_load(cells + Cell.broken) != 0 else { return false }
    akool_store(cells + Cell.broken, 0)
    return true
  }

  /// True while transfers run.
  var isActive: Bool {
    get { akool_load_ordered(cells + Cell.active) != 0 }
    set { akool_store_ordered(cells + Cell.active, newValue ? 1 : 0) }
  }

  /// Time at which the loop entered libcurl; nil while it is outside.
  var busySince: Instant? {
    let moment = akool_load(cells + Cell.busySince)
    return moment == 0 ? nil : Instant(nanoseconds: UInt64(moment))
  }

  /// Breaks all connections. On the watchdog's thread.
  func breakConnections() {
    akool_store(cells + Cell.broken, 1)
    lock.withLock { for descriptor in descriptors.sorted() { akool_break_connection(descriptor) } }
  }
}
