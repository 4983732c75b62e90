internal import Glibc

/// Ends all clients when the process exits without destroying them.
///
/// Afterwards nothing touches libcurl or OpenSSL any more, also not from a C++ static destructor.
public enum ProcessExit {
  private static let registry = ClientRegistry()

  /// Whether the process is exiting.
  public static var hasBegun: Bool { registry.hasBegun }

  /// Call after `curl_global_init`, so that OpenSSL's exit handlers run after ours.
  static func watch() {
    atexit { ProcessExit.registry.beginExit() }
    pthread_atfork(
      { ProcessExit.registry.beforeFork() }, { ProcessExit.registry.afterFork() }, { ProcessExit.registry.afterFork() })
  }

  static func register(_ client: any ExitingClient) throws(AkoolError) { try registry.add(client) }
  static func unregister(_ client: any ExitingClient) { registry.remove(client) }
}

/// What can be told that the process exits.
protocol ExitingClient: AnyObject, Sendable {
  /// Begins to close what is open within a bound, and runs no callback any more.
  ///
  /// - Returns: What waits for that and ends the threads; nil when the client has ended already.
  func beginExit() -> (() -> Void)?
}

private final class ClientRegistry: @unchecked Sendable {
  // `clients` and `isExiting` are guarded by `lock`, which nobody else holds while the process forks.
  private let lock = Lock()
  private var clients: [ObjectIdentifier: Entry] = [:]
  private var isExiting = false

  /// A client and the process it was made in: a forked child must leave its parent's clients alone.
  private struct Entry {
    let client: any ExitingClient
    let process: pid_t
  }

  func beforeFork() { lock.lock() }
  func afterFork() { lock.unlock() }

  var hasBegun: Bool { lock.withLock { isExiting } }

  func add(_ client: any ExitingClient) throws(AkoolError) {
    try lock.withLock { () throws(AkoolError) in
      if isExiting { throw AkoolError(.shuttingDown, "the process is exiting") }
      clients[ObjectIdentifier(client)] = Entry(client: client, process: getpid())
    }
  }

  func remove(_ client: any ExitingClient) {
    _ = lock.withLock { clients.removeValue(forKey: ObjectIdentifier(client)) }
  }

  func beginExit() {
    let leaving = lock.withLock {
      isExiting = true
      defer { clients = [:] }
      return Array(clients.values)
    }
    // All begin before the first is waited for: together they take as long as the slowest.
    let endings = leaving.filter { $0.process == getpid() }.map { $0.client.beginExit() }
    for ending in endings { ending?() }
  }
}
