internal import Glibc

/// Ends all clients when the process exits without destroying them.
///
/// Afterwards nothing touches libcurl or OpenSSL any more, also not from a C++ static destructor.
public enum ProcessExit {
  private static let registry = ClientRegistry()

  /// Whether the process is exiting.
  public static var hasBegun: Bool { registry.hasBegun }

  /// Registers the exit handler. To be called after `curl_global_init`, so that OpenSSL's handlers run after ours.
  static func watch() {
    atexit {
      ForkGate.inside { ProcessExit.registry.exit() }
      // A thread that did not end in time would go on with libraries that are gone.
      ForkGate.close()
    }
  }

  static func register(_ client: any ExitingClient) throws(AkoolError) { try registry.add(client) }
  static func unregister(_ client: any ExitingClient) { registry.remove(client) }
}

/// Ends with the process.
protocol ExitingClient: AnyObject, Sendable {
  /// Begins to close what is open within a bound, and runs no callback any more.
  ///
  /// - Returns: What waits until the client has ended, also where another thread is destroying it.
  func beginExit() -> () -> Void
}

private final class ClientRegistry: @unchecked Sendable {
  // All variables are guarded by `lock`.
  private let lock = Lock()
  private var clients: [Entry] = []
  private var isExiting = false

  /// A client and the process it was made in: a forked child must leave its parent's clients alone.
  private struct Entry {
    let client: any ExitingClient
    let forkCount: UInt
  }

  var hasBegun: Bool { lock.withLock { isExiting } }

  func add(_ client: any ExitingClient) throws(AkoolError) {
    try lock.withLock { () throws(AkoolError) in
      if isExiting { throw AkoolError(.shuttingDown, "the process is exiting") }
      clients.append(Entry(client: client, forkCount: ForkGate.forkCount))
    }
  }

  func remove(_ client: any ExitingClient) {
    lock.withLock { clients.removeAll { $0.client === client } }
  }

  func exit() {
    let leaving = lock.withLock {
      isExiting = true
      return clients
    }
    // All begin before the first is waited for: together they take as long as the slowest.
    let endings = leaving.filter { $0.forkCount == ForkGate.forkCount }.map { $0.client.beginExit() }
    for ending in endings { ending() }
  }
}
