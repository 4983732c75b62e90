/// A thread for what would hold up the event loop: it starts with the first piece of work.
final class Worker: @unchecked Sendable {
  // `work`, `thread` and `mustStop` are guarded by `lock`.
  private let lock = Lock()
  private let changed = Condition()
  private var work = Queue<@Sendable () -> Void>()
  private var thread: SystemThread?
  private var mustStop = false
  private let name: StaticString

  init(name: StaticString = "akool-worker") { self.name = name }

  /// Runs a piece of work after those before it. When no thread can be had, it runs here and now.
  func run(_ piece: @escaping @Sendable () -> Void) {
    let isTaken = lock.withLock {
      if thread == nil, !mustStop { thread = try? SystemThread(name: name) { [self] in serve() } }
      guard thread != nil, !mustStop else { return false }
      work.append(piece)
      return true
    }
    if isTaken { changed.broadcast() } else { piece() }
  }

  /// Ends the thread after what it has begun. What has not begun is dropped.
  func stop() {
    let running = lock.withLock {
      mustStop = true
      work.removeAll()
      return thread
    }
    changed.broadcast()
    running?.join()
  }

  /// Ends the thread after everything it was given, and this last piece.
  func finish(_ last: @escaping @Sendable () -> Void) {
    run { [self] in
      last()
      lock.withLock { mustStop = true }
    }
    let running = lock.withLock { thread }
    running?.join()
  }

  private func serve() {
    while let piece = next() { piece() }
  }

  private func next() -> (@Sendable () -> Void)? {
    lock.withLock {
      while !mustStop {
        if !work.isEmpty { return work.removeFirst() }
        changed.wait(lock)
      }
      return nil
    }
  }
}
