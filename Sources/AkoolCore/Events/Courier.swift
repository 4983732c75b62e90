/// The state of the callback thread. The mailbox's lock guards it.
struct CourierState {
  enum Kind { case status, log, reply }

  enum Delivery {
    case status(@Sendable (JSON) -> Void, JSON)
    case log(@Sendable (JSON) -> Void, JSON)
    case reply(@Sendable (UInt64, Reply) -> Void, UInt64, Reply)

    var kind: Kind {
      switch self {
      case .status: return .status
      case .log: return .log
      case .reply: return .reply
      }
    }

    func run() {
      switch self {
      case .status(let handler, let event): handler(event)
      case .log(let handler, let record): handler(record)
      case .reply(let callback, let id, let reply): callback(id, reply)
      }
    }
  }

  var thread: SystemThread?
  var running: Kind?
  /// Number of callbacks so far. A setter waits for the running callback only, not for callbacks of its new handler.
  var started: UInt64 = 0
  /// Number of threads that wait for the end of the running callback.
  var waiters = 0
  var mustStop = false
  var isSilenced = false
}

/// The callback thread: it starts with the first callback and runs all callbacks, one at a time, in order.
extension Mailbox {
  /// True inside a callback.
  var isInsideCallback: Bool { lock.withLock { isInsideCallbackLocked } }

  /// Compares threads only while a callback runs: the system gives the number of an ended thread to a new one.
  private var isInsideCallbackLocked: Bool {
    state.courier.running != nil && state.courier.thread?.isCurrent == true
  }

  /// Starts the callback thread. No-op if it runs or the client is closing.
  func startCourier() throws(AkoolError) {
    try lock.withLock { () throws(AkoolError) in
      guard state.courier.thread == nil, !state.isClosing else { return }
      // The new thread waits for the lock, so it finds `thread` set.
      state.courier.thread = try SystemThread(name: "akool-callback") { [self] in deliver() }
    }
  }

  // MARK: Handlers

  /// Sets or clears the status handler. Returns when the previous one has finished for good.
  func setStatusHandler(_ handler: (@Sendable (JSON) -> Void)?) {
    lock.withLock {
      state.statusHandler = handler
      refreshSignal()
      courierChanged.broadcast()
      eventArrived.broadcast()
      waitWhileRunning(.status)
    }
  }

  /// Sets or clears the log handler. Returns when the previous one has finished for good.
  func setLogHandler(_ level: LogLevel, _ handler: (@Sendable (JSON) -> Void)?) {
    lock.withLock {
      state.logHandler = handler
      state.logLevel = handler == nil ? .off : level
      waitWhileRunning(.log)
    }
  }

  /// Waits for the end of the running callback if it is of a kind. No-op inside a callback.
  private func waitWhileRunning(_ kind: CourierState.Kind) {
    guard !isInsideCallbackLocked else { return }
    let current = state.courier.started
    while state.courier.running == kind, state.courier.started == current { waitForCallback(until: nil) }
  }

  private func waitForCallback(until deadline: Instant?) {
    state.courier.waiters += 1
    defer { state.courier.waiters -= 1 }
    callbackEnded.wait(lock, until: deadline)
  }

  /// Returns true if the log handler receives records of a level.
  func wantsLog(_ level: LogLevel) -> Bool { lock.withLock { level.rawValue <= state.logLevel.rawValue } }

  // MARK: The thread

  private func deliver() {
    let process = ForkGate.forkCount
    while let delivery = nextDelivery() {
      delivery.run()
      // A callback that forked has returned in the child, which has no other thread: it ends.
      if ForkGate.forkCount != process { return }
    }
  }

  /// Notes the end of the previous callback and waits for the next one. Nil ends the thread.
  private func nextDelivery() -> CourierState.Delivery? {
    lock.withLock {
      state.courier.running = nil
      if state.courier.waiters > 0 { callbackEnded.broadcast() }
      while !state.courier.isSilenced {
        if let delivery = takeDelivery() { return delivery }
        if state.courier.mustStop { return nil }
        courierChanged.wait(lock)
      }
      return nil
    }
  }

  private func takeDelivery() -> CourierState.Delivery? {
    guard let delivery = state.takeDelivery() else { return nil }
    state.courier.running = delivery.kind
    state.courier.started += 1
    return delivery
  }

  /// Runs the callbacks that are left and ends the thread. Not from inside a callback.
  func stopCourier() {
    let thread = lock.withLock {
      state.courier.mustStop = true
      courierChanged.broadcast()
      return state.courier.thread
    }
    thread?.join()
    lock.withLock {
      state.isClosed = true
      signal.close()
    }
  }

  /// At process exit: runs no more callbacks, and waits until a deadline for the running one.
  func silence(until deadline: Instant) {
    lock.withLock {
      state.courier.isSilenced = true
      courierChanged.broadcast()
      guard !isInsideCallbackLocked else { return }
      while state.courier.running != nil, .now < deadline { waitForCallback(until: deadline) }
    }
  }
}
