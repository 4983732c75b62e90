internal import CLinux

/// Breaks the connections of a loop that libcurl does not return to: a proxy can keep libcurl 7.88 busy for ever.
///
/// One thread for the process. It runs while transports are watched, and sleeps while none has transfers.
final class Watchdog: ForkOwned, @unchecked Sendable {
  // `watched` and `hasThread` are guarded by `lock`; `sleeping` is atomic.

  /// Not less: a slow device needs its time for a TLS handshake.
  static let limitMilliseconds: Int64 = 500
  private static let intervalMilliseconds: Int64 = 100
  /// Looks without any transfer before the thread goes to sleep.
  private static let quietLooks = 10
  /// A process that was stopped for a while is not broken when it goes on.
  fileprivate static let neededLooks = 3

  let generation: UInt
  private let lock = Lock()
  private let changed = Condition()
  private var watched: [Watched] = []
  private var hasThread = false
  private let sleeping = AtomicFlag()

  fileprivate struct Watched {
    let sockets: TransportSockets
    var busySince: Instant?
    var looks = 0
  }

  init(generation: UInt) { self.generation = generation }

  /// The watchdog of this process.
  static var shared: Watchdog { ProcessSlot.watchdog.object(Watchdog.init) }

  /// Watches a transport until `forget`.
  ///
  /// - Returns: False where there was no thread for it: to be tried again later.
  func watch(_ sockets: TransportSockets) -> Bool {
    defer { wakeIfAsleep() }
    return lock.withLock {
      if !watched.contains(where: { $0.sockets === sockets }) { watched.append(Watched(sockets: sockets)) }
      if !hasThread { hasThread = SystemThread.startDetached("akool-watchdog") { [self] in serve() } == 0 }
      return hasThread
    }
  }

  func forget(_ sockets: TransportSockets) {
    lock.withLock { watched.removeAll { $0.sockets === sockets } }
    changed.broadcast()
  }

  /// Call when a watched transport becomes active.
  func wakeIfAsleep() {
    guard sleeping.isSet else { return }
    lock.withLock { sleeping.isSet = false }
    changed.broadcast()
  }

  // MARK: The thread

  private func serve() {
    var quiet = 0
    while lock.withLock({ !endIfUnused() }) {
      let isActive = look(at: .now)
      quiet = isActive ? 0 : quiet + 1
      quiet < Self.quietLooks ? pause() : sleep()
    }
  }

  private func endIfUnused() -> Bool {
    if watched.isEmpty { hasThread = false }
    return watched.isEmpty
  }

  private func pause() {
    lock.withLock {
      guard !watched.isEmpty else { return }
      let now = Instant.now
      let regular = now.adding(milliseconds: Self.intervalMilliseconds)
      let limits = watched.compactMap { $0.busySince?.adding(milliseconds: Self.limitMilliseconds) }
      changed.wait(lock, until: limits.filter { $0 > now && $0 < regular }.min() ?? regular)
    }
  }

  /// Waits until a transport becomes active. A loop that became so before it could see `sleeping` is seen here.
  private func sleep() {
    lock.withLock {
      sleeping.isSet = true
      while sleeping.isSet, !watched.isEmpty, !watched.contains(where: { $0.sockets.isActive }) {
        changed.wait(lock)
      }
      sleeping.isSet = false
    }
  }

  /// Breaks what has taken too long, and returns whether any transfers run.
  private func look(at now: Instant) -> Bool {
    lock.withLock {
      var isActive = false
      for index in watched.indices {
        isActive = watched[index].sockets.isActive || isActive
        if watched[index].isStuck(now) { watched[index].sockets.breakConnections() }
      }
      return isActive
    }
  }
}

/// A truth value that threads read while another one writes it.
private final class AtomicFlag: @unchecked Sendable {
  // Read and written atomically.
  private let cell = UnsafeMutablePointer<UInt>.allocate(capacity: 1)

  init() { cell.initialize(to: 0) }

  deinit { cell.deallocate() }

  var isSet: Bool {
    get { akool_load_ordered(cell) != 0 }
    set { akool_store_ordered(cell, newValue ? 1 : 0) }
  }
}

extension Watchdog.Watched {
  /// Whether the loop has been inside libcurl for too long. What goes on after that is broken again at each limit.
  fileprivate mutating func isStuck(_ now: Instant) -> Bool {
    let busy = sockets.busySince
    looks = busy == busySince ? looks + 1 : 1
    busySince = busy
    guard let busy, looks >= Watchdog.neededLooks else { return false }
    guard now >= busy.adding(milliseconds: Watchdog.limitMilliseconds) else { return false }
    looks = 0
    return true
  }
}
