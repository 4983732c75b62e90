/// Resolves host names on at most four threads of the process.
///
/// `getaddrinfo` cannot be interrupted: a thread that waits for a name server holds the name and nothing of a client.
/// Requests for one name share one lookup. A thread ends when the queue is empty.
final class Resolver: ForkOwned, @unchecked Sendable {
  // Everything that changes is guarded by `lock`.

  typealias Lookup = @Sendable (HostName) -> NameAnswer

  static let maximumThreads = 4

  let generation: UInt
  private let lookUp: Lookup
  private let lock = Lock()
  private var queue: [PendingLookup] = []
  private var pending: [HostName: PendingLookup] = [:]
  private var threads = 0

  private final class PendingLookup {
    let name: HostName
    var waiters: [NameWaiter]
    var isUnderWay = false

    init(_ name: HostName, _ waiter: NameWaiter) {
      self.name = name
      waiters = [waiter]
    }
  }

  init(generation: UInt, _ lookUp: @escaping Lookup) {
    self.generation = generation
    self.lookUp = lookUp
  }

  /// The resolver of this process.
  static var shared: Resolver {
    ProcessSlot.resolver.object { Resolver(generation: $0, AddressLookup.addresses) }
  }

  /// Number of lookups that wait for a thread.
  var queuedCount: Int { lock.withLock { queue.count } }

  /// Looks up a name and calls `deliver` on a thread of the resolver, unless the waiter was cancelled.
  ///
  /// - Throws: the error number of the thread that could not be started.
  func resolve(
    _ name: HostName, _ deliver: @escaping @Sendable (NameAnswer) -> Void
  ) throws(ThreadFailure) -> NameWaiter {
    let waiter = NameWaiter(deliver)
    try lock.withLock { () throws(ThreadFailure) in
      if let known = pending[name] {
        known.waiters.append(waiter)
        return
      }
      try startThread()
      let lookup = PendingLookup(name, waiter)
      pending[name] = lookup
      queue.append(lookup)
    }
    return waiter
  }

  /// Ends a wait at once. A lookup that nothing waits for any more does not begin.
  func cancel(_ waiter: NameWaiter, _ name: HostName) {
    waiter.cancel()
    lock.withLock {
      guard let lookup = pending[name] else { return }
      lookup.waiters.removeAll { $0 === waiter }
      guard lookup.waiters.isEmpty, !lookup.isUnderWay else { return }
      pending[name] = nil
      queue.removeAll { $0 === lookup }
    }
  }

  // MARK: Threads

  /// Starts one more thread where that is allowed; without it the running ones do.
  private func startThread() throws(ThreadFailure) {
    guard threads < Self.maximumThreads else { return }
    let failure = SystemThread.startDetached("akool-dns") { [self] in serve() }
    if failure == 0 { threads += 1 }
    if failure != 0, threads == 0 { throw ThreadFailure(number: failure) }
  }

  private func serve() {
    while let lookup = next() {
      let answer = lookUp(lookup.name)
      for waiter in finish(lookup) { waiter.receive(answer) }
    }
  }

  private func next() -> PendingLookup? {
    lock.withLock {
      guard !queue.isEmpty else {
        threads -= 1
        return nil
      }
      let lookup = queue.removeFirst()
      lookup.isUnderWay = true
      return lookup
    }
  }

  private func finish(_ lookup: PendingLookup) -> [NameWaiter] {
    lock.withLock {
      pending[lookup.name] = nil
      return lookup.waiters
    }
  }
}

/// A name to look up, and the family of addresses that is wanted.
struct HostName: Hashable, Sendable {
  let text: String
  let family: NetworkSettings.Family
}

/// Result of a lookup.
enum NameAnswer: Sendable, Equatable {
  /// Numeric addresses in the order of the name service.
  case addresses([String])
  /// There is no such name, or the name service does not answer.
  case unknown
}

/// The error number of a thread that could not be started.
struct ThreadFailure: Error {
  let number: Int32
}

/// One wait for a name. Once cancelled it holds nothing of its client.
final class NameWaiter: @unchecked Sendable {
  // `deliver` is guarded by `lock`, also while it runs: after `cancel` has returned nothing of it is alive.
  private let lock = Lock()
  private var deliver: (@Sendable (NameAnswer) -> Void)?

  init(_ deliver: @escaping @Sendable (NameAnswer) -> Void) { self.deliver = deliver }

  func cancel() { lock.withLock { deliver = nil } }

  func receive(_ answer: NameAnswer) {
    lock.withLock {
      deliver?(answer)
      deliver = nil
    }
  }
}
