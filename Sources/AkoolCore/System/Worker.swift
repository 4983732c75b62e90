/// A thread for work that would hold up the event loop. It starts with the first piece of work.
package final class Worker: @unchecked Sendable {
  // All variables are guarded by `lock`.
  private let lock = Lock()
  private let changed = Condition()
  private var urgent = Queue<Piece>()
  private var ordinary = Queue<Piece>()
  private var running: Piece?
  private var thread: SystemThread?
  private var end = End.open
  private let name: StaticString
  private let driver: (any LoopDriver)?

  /// One piece of work. It ends early when its flag is set.
  package struct Piece: Sendable {
    package let flag: CancelFlag
    package let run: @Sendable (CancelFlag) -> Void
  }

  private enum End { case open, finishing, stopped }

  package init(name: StaticString, driver: (any LoopDriver)? = nil) {
    self.name = name
    self.driver = driver
  }

  /// Runs a piece of work after those before it; urgent ones come before all others.
  ///
  /// - Throws: LOCAL_IO when no thread can be had. Nothing is run then.
  package func run(
    isUrgent: Bool = false, flag: CancelFlag = CancelFlag(), _ body: @escaping @Sendable (CancelFlag) -> Void
  ) throws(AkoolError) {
    let piece = Piece(flag: flag, run: body)
    if let driver { return driver.run(piece, of: self) }
    try lock.withLock { () throws(AkoolError) in
      guard end == .open else { return flag.set() }
      if thread == nil { thread = try SystemThread(name: name) { [self] in serve() } }
      if isUrgent { urgent.append(piece) } else { ordinary.append(piece) }
    }
    changed.broadcast()
  }

  /// Asks the thread to end: the flag of what has begun is set, what has not begun is dropped.
  package func beginStop() {
    lock.withLock {
      end = .stopped
      running?.flag.set()
      urgent.removeAll()
      ordinary.removeAll()
    }
    changed.broadcast()
  }

  /// Ends the thread. False when it has not ended by the deadline.
  @discardableResult
  package func stop(until deadline: Instant, keeping owner: (any AnyObject & Sendable)? = nil) -> Bool {
    beginStop()
    return lock.withLock { take(&thread) }?.join(until: deadline, keeping: owner) ?? true
  }

  /// Ends the thread after everything it was given. False when that was not done by the deadline.
  @discardableResult
  package func finish(until deadline: Instant, keeping owner: (any AnyObject & Sendable)? = nil) -> Bool {
    let thread = lock.withLock { () -> SystemThread? in
      if end == .open { end = .finishing }
      return take(&self.thread)
    }
    changed.broadcast()
    return thread?.join(until: deadline, keeping: owner) ?? true
  }

  private func take(_ thread: inout SystemThread?) -> SystemThread? {
    defer { thread = nil }
    return thread
  }

  private func serve() {
    while let piece = next() { piece.run(piece.flag) }
  }

  private func next() -> Piece? {
    lock.withLock {
      running = nil
      while end != .stopped {
        if !urgent.isEmpty {
          running = urgent.removeFirst()
        } else if !ordinary.isEmpty {
          running = ordinary.removeFirst()
        }
        if let running { return running }
        if end == .finishing { return nil }
        changed.wait(lock)
      }
      return nil
    }
  }
}
