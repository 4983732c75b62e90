/// What the delivery thread of a mailbox is doing.
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
  /// Counts the callbacks that were handed out, so that a setter waits for the one that runs and not for those
  /// of its own handler.
  var started: UInt64 = 0
  var mustStop = false
  var isSilenced = false
}

/// The delivery thread: it starts with the first callback and runs all callbacks, one at a time, in order.
extension Mailbox {
  /// Whether the caller is inside a callback.
  var isInsideCallback: Bool { lock.withLock { isInsideCallbackLocked } }

  /// Only while a callback runs: the system gives the number of a thread that has ended to another one.
  private var isInsideCallbackLocked: Bool {
    state.courier.running != nil && state.courier.thread?.isCurrent == true
  }

  func startCourier() throws(AkoolError) {
    try lock.withLock { () throws(AkoolError) in
      guard state.courier.thread == nil, !state.isClosing else { return }
      // The new thread waits for the lock, so it finds `thread` set.
      state.courier.thread = try SystemThread(name: "akool-callback") { [self] in deliver() }
    }
  }

  /// Sets or clears the status handler, and returns when the previous one has finished for good.
  func setStatusHandler(_ handler: (@Sendable (JSON) -> Void)?) {
    lock.withLock {
      state.statusHandler = handler
      refreshSignal()
      courierChanged.broadcast()
      eventArrived.broadcast()
      waitWhileRunning(.status)
    }
  }

  /// Sets or clears the log handler, and returns when the previous one has finished for good.
  func setLogHandler(_ level: LogLevel, _ handler: (@Sendable (JSON) -> Void)?) {
    lock.withLock {
      state.logHandler = handler
      state.logLevel = handler == nil ? .off : level
      waitWhileRunning(.log)
    }
  }

  private func waitWhileRunning(_ kind: CourierState.Kind) {
    guard !isInsideCallbackLocked else { return }
    let current = state.courier.started
    while state.courier.running == kind, state.courier.started == current { courierChanged.wait(lock) }
  }

  /// Whether a record of this level has a reader.
  func wantsLog(_ level: LogLevel) -> Bool { lock.withLock { level.rawValue <= state.logLevel.rawValue } }

  private func deliver() {
    while let delivery = nextDelivery() {
      delivery.run()
      lock.withLock {
        state.courier.running = nil
        courierChanged.broadcast()
      }
    }
  }

  private func nextDelivery() -> CourierState.Delivery? {
    lock.withLock {
      while !state.courier.isSilenced {
        if let delivery = state.takeDelivery() {
          state.courier.running = delivery.kind
          state.courier.started += 1
          return delivery
        }
        if state.courier.mustStop { return nil }
        courierChanged.wait(lock)
      }
      return nil
    }
  }

  /// Delivers what is left and ends the thread. Not from inside a callback.
  func stopCourier() {
    let thread = lock.withLock {
      state.courier.mustStop = true
      courierChanged.broadcast()
      return state.courier.thread
    }
    thread?.join()
    lock.withLock { state.isClosed = true }
  }

  /// At process exit: delivers nothing more, and waits a moment for a callback that is running.
  func silence(until deadline: Instant) {
    lock.withLock {
      state.courier.isSilenced = true
      courierChanged.broadcast()
      guard !isInsideCallbackLocked else { return }
      while state.courier.running != nil { if !courierChanged.wait(lock, until: deadline) { return } }
    }
  }
}
