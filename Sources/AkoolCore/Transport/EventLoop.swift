/// One thread that waits for sockets and timers and runs everything of one client.
///
/// It is the executor of the client's actor: the code of a call is plain `async` code, never runs beside
/// other code of the same client, and needs no lock. It is the tasks' preferred executor too: without that, a
/// continuation resumes by way of the global pool, whose threads this library must not start.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  // `inbox` is guarded by `lock`; everything else that changes is touched by the loop's thread alone,
  // but for `thread`, which is written before any other thread can know the loop, and `identity`, which is atomic.

  /// How many jobs run before sockets and timers get their turn.
  private static let jobsPerTurn = 256

  private struct Inbox {
    var items: [Item] = []
    var isAsleep = false
    var isStopping = false
    /// Nothing is taken in any more: what stayed here would keep its client, and that this loop, for ever.
    var hasStopped = false
    var sleeper: any LoopSleeper
  }

  private enum Item {
    case job(UnownedJob)
    case action(@Sendable () -> Void)
  }

  private let lock = Lock()
  private var inbox: Inbox
  private var queue: [Item] = []
  private var timers = TimerQueue()
  private var thread: SystemThread?
  private let identity = ThreadIdentity()
  private(set) var stalls: StallMeter
  let clock: any TimeSource
  /// When this turn of the loop began: the time, without asking the system once more.
  var now: Instant { stalls.turnStart }

  /// Moves the transfers on, before the thread goes to sleep.
  var onDrive: (() -> Void)?
  /// Called at the end of each turn.
  var onTurnEnd: (@Sendable () -> Void)?

  /// A loop whose thread runs already.
  public convenience init() throws(AkoolError) { try self.init(SystemClock()) }

  init(_ clock: any TimeSource) throws(AkoolError) {
    self.clock = clock
    stalls = StallMeter(clock.now)
    inbox = Inbox(sleeper: try IdleSleeper())
    clock.onMove { [weak self] in self?.post {} }
    let started = Gate()
    thread = try SystemThread(name: "akool-io") { [self] in
      identity.adopt()
      started.open()
      run()
      identity.resign()
    }
    started.wait()
  }

  /// The moment on the monotonic clock, in nanoseconds.
  public static func monotonicNanoseconds() -> UInt64 { Instant.now.nanoseconds }

  /// Whether the caller runs on the loop's thread.
  public var isCurrent: Bool { identity.isCurrent }

  /// Runs `action` on the loop's thread soon. Any thread may call it. After the loop has stopped it does nothing.
  public func post(_ action: @escaping @Sendable () -> Void) { put(.action(action)) }

  /// Runs `action` once after a time, unless the timer is cancelled. On the loop's thread only.
  @discardableResult
  public func schedule(afterMilliseconds delay: Int64, _ action: @escaping () -> Void) -> LoopTimer {
    schedule(at: now.adding(milliseconds: delay), action)
  }

  func schedule(at deadline: Instant, _ action: @escaping () -> Void) -> LoopTimer { timers.add(deadline, action) }

  /// Stops a timer; one that has fired or was cancelled stays as it is. On the loop's thread only.
  public func cancel(_ timer: LoopTimer) { timers.remove(timer) }

  /// Waits differently from now on.
  func use(_ sleeper: any LoopSleeper) {
    post { [self] in lock.withLock { inbox.sleeper = sleeper } }
  }

  /// Ends the thread once what is queued has run. Not on the loop's thread.
  func stopAndJoin() {
    let sleeper = lock.withLock {
      inbox.isStopping = true
      return inbox.sleeper
    }
    sleeper.wake()
    thread?.join()
  }

  // MARK: The executor

  /// Takes a job of the client's actor.
  public func enqueue(_ job: consuming ExecutorJob) { put(.job(UnownedJob(job))) }

  /// Lets `assumeIsolated` succeed inside libcurl's callbacks, which run on this thread without a task.
  public func checkIsolated() {
    precondition(isCurrent, "code of an akool client ran outside its I/O thread")
  }

  // MARK: The thread

  private func put(_ item: Item) {
    if isCurrent {
      queue.append(item)
      return
    }
    let sleeper: (any LoopSleeper)? = lock.withLock {
      if inbox.hasStopped { return nil }
      inbox.items.append(item)
      defer { inbox.isAsleep = false }
      return inbox.isAsleep ? inbox.sleeper : nil
    }
    sleeper?.wake()
  }

  private func run() {
    while takeInbox() {
      runJobs()
      fireTimers()
      onDrive?()
      sleep()
    }
    // Released outside the lock: the last reference to a client may be among them.
    onTurnEnd?()
    let left = lock.withLock {
      inbox.hasStopped = true
      defer { inbox.items = [] }
      return inbox.items
    }
    queue.removeAll()
    _ = left
  }

  /// False when it is time to end.
  private func takeInbox() -> Bool {
    lock.withLock {
      if !inbox.items.isEmpty {
        queue.append(contentsOf: inbox.items)
        inbox.items.removeAll(keepingCapacity: true)
      }
      return !(inbox.isStopping && queue.isEmpty)
    }
  }

  private func runJobs() {
    let serial = asUnownedSerialExecutor()
    let task = asUnownedTaskExecutor()
    var index = 0
    while index < queue.count, index < Self.jobsPerTurn {
      let item = queue[index]
      index += 1
      switch item {
      case .job(let job): job.runSynchronously(isolatedTo: serial, taskExecutor: task)
      case .action(let action): action()
      }
    }
    queue.removeFirst(index)
  }

  /// Timers that are set meanwhile wait for the next turn: their deadlines count from the beginning of this one, and
  /// after a turn that took long they are due at once, again and again.
  private func fireTimers() {
    guard !timers.isEmpty else { return }
    let (now, newest) = (clock.now, timers.newest)
    while let action = timers.popDue(now, addedUpTo: newest) { action() }
  }

  private func sleep() {
    onTurnEnd?()
    stalls.endTurn(clock.now)
    if queue.isEmpty, let sleeper = prepareToSleep() {
      sleeper.sleep(milliseconds: clock.sleepTime(until: timers.nextDeadline))
      lock.withLock { inbox.isAsleep = false }
    }
    stalls.beginTurn(clock.now)
  }

  /// Nil when something has come meanwhile.
  private func prepareToSleep() -> (any LoopSleeper)? {
    lock.withLock {
      guard inbox.items.isEmpty, !inbox.isStopping else { return nil }
      inbox.isAsleep = true
      return inbox.sleeper
    }
  }
}
