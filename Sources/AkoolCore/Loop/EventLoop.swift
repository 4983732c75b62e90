internal import CLinux
internal import Glibc

/// One thread that waits for sockets and timers and runs everything of one client.
///
/// It is the executor of the client's actor: the code of a call is plain `async` code, never runs beside other code of
/// the same client, and needs no lock. It is also the tasks' preferred executor: without that, a continuation resumes
/// on the global pool, whose threads this library must not start.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  // `inbox` is guarded by `lock`; everything else that changes is touched by the loop's thread alone, except `thread`,
  // which is written before any other thread can know the loop, and `identity`, which is atomic.

  /// Number of jobs that run before sockets and timers get their turn.
  private static let jobsPerTurn = 256

  private struct Inbox {
    var items: [Item] = []
    var isAsleep = false
    var isStopping = false
    /// The loop accepts no more items: an item left here would keep its client and this loop alive forever.
    var hasStopped = false
  }

  private enum Item {
    case job(UnownedJob)
    case action(@Sendable () -> Void)
  }

  private let lock = Lock()
  private var inbox = Inbox()
  private var queue = Queue<Item>()
  private var timers = TimerQueue()
  private var sleeper: any LoopSleeper = IdleSleeper()
  private let wakeUp: WakeDescriptor
  private var thread: SystemThread?
  private let identity = ThreadIdentity()
  private(set) var stalls: StallMeter
  package let clock: any TimeSource
  let driver: (any LoopDriver)?
  /// Start of this turn of the loop: the time, without asking the system once more.
  package var now: Instant { stalls.turnStart }

  /// Moves the transfers on, before the thread goes to sleep.
  var onDrive: (() -> Void)?
  /// Called at the end of each turn.
  var onTurnEnd: (@Sendable () -> Void)?

  /// Makes a loop whose thread runs already.
  public convenience init() throws(AkoolError) { try self.init(SystemClock()) }

  package init(_ clock: any TimeSource, driver: (any LoopDriver)? = nil) throws(AkoolError) {
    self.clock = clock
    self.driver = driver
    stalls = StallMeter(clock.now)
    wakeUp = try WakeDescriptor()
    guard driver == nil else {
      driver?.add(self)
      return
    }
    clock.onMove { [weak self] in self?.post {} }
    thread = try startThread()
  }

  private func startThread() throws(AkoolError) -> SystemThread {
    let started = Gate()
    let thread = try SystemThread(name: "akool-io") { [self] in
      identity.adopt()
      started.open()
      run()
      identity.resign()
    }
    started.wait()
    return thread
  }

  /// Returns the moment on the monotonic clock, in nanoseconds.
  public static func monotonicNanoseconds() -> UInt64 { Instant.now.nanoseconds }

  /// True on the loop's thread.
  public var isCurrent: Bool { identity.isCurrent }

  /// Runs `action` on the loop's thread soon. Any thread may call it. After the loop has stopped it does nothing.
  public func post(_ action: @escaping @Sendable () -> Void) { put(.action(action)) }

  /// Runs `action` once after a time, unless the timer is cancelled. On the loop's thread only.
  @discardableResult
  public func schedule(afterMilliseconds delay: Int64, _ action: @escaping () -> Void) -> LoopTimer {
    schedule(at: now.adding(milliseconds: delay), action)
  }

  package func schedule(at deadline: Instant, _ action: @escaping () -> Void) -> LoopTimer {
    timers.add(deadline, action)
  }

  /// Stops a timer; one that has fired or was cancelled stays as it is. On the loop's thread only.
  public func cancel(_ timer: LoopTimer) { timers.remove(timer) }

  /// Changes the way to wait. On the loop's thread, or before anything was posted.
  func use(_ sleeper: any LoopSleeper) { post { [self] in self.sleeper = sleeper } }

  /// Ends the thread once what is queued has run. Not on the loop's thread.
  ///
  /// - Returns: False when the thread has not ended by the deadline; it is then left to itself.
  @discardableResult
  package func stopAndJoin(until deadline: Instant? = nil, keeping owner: (any AnyObject & Sendable)? = nil) -> Bool {
    lock.withLock { inbox.isStopping = true }
    wakeUp.wake()
    guard let thread else { return true }
    guard thread.join(until: deadline, keeping: owner) else { return false }
    wakeUp.close()
    return true
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
    let mustWake = lock.withLock {
      if inbox.hasStopped { return false }
      inbox.items.append(item)
      defer { inbox.isAsleep = false }
      return inbox.isAsleep
    }
    if mustWake { wakeUp.wake() }
  }

  private func run() {
    while takeInbox() {
      runJobs()
      fireTimers()
      onDrive?()
      sleep()
    }
    end()
  }

  /// Released outside the lock: the last reference to a client may be among what is left.
  private func end() {
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
      for item in inbox.items { queue.append(item) }
      inbox.items.removeAll(keepingCapacity: inbox.items.count < 1024)
      return !(inbox.isStopping && queue.isEmpty)
    }
  }

  private func runJobs() {
    for _ in 0..<min(queue.count, Self.jobsPerTurn) { runJob() }
  }

  private func runJob() {
    switch queue.removeFirst() {
    case .job(let job):
      job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    case .action(let action): action()
    }
  }

  /// Timers that are set meanwhile wait for the next turn: their deadlines count from the beginning of this one, and
  /// after a long turn they are due immediately, again and again.
  private func fireTimers() {
    guard !timers.isEmpty else { return }
    let (now, newest) = (clock.now, timers.newest)
    while let action = timers.popDue(now, addedUpTo: newest) { action() }
  }

  private func sleep() {
    onTurnEnd?()
    stalls.endTurn(clock.now)
    if queue.isEmpty, prepareToSleep() {
      let time = clock.sleepTime(until: timers.nextDeadline)
      if ForkGate.outside({ sleeper.sleep(wakeUp.number, milliseconds: time) }) { wakeUp.drain() }
      lock.withLock { inbox.isAsleep = false }
    }
    stalls.beginTurn(clock.now)
  }

  /// False when something has come meanwhile.
  private func prepareToSleep() -> Bool {
    lock.withLock {
      inbox.isAsleep = inbox.items.isEmpty && !inbox.isStopping
      return inbox.isAsleep
    }
  }
}

// MARK: Steps

/// The steps that a driver runs in place of the thread.
extension EventLoop {
  package var hasInbox: Bool { lock.withLock { !inbox.items.isEmpty } }
  package var hasJob: Bool { !queue.isEmpty }
  package var nextDeadline: Instant? { timers.nextDeadline }

  /// Makes one step. The calling thread counts as the loop's meanwhile.
  package func make(_ step: Step) {
    identity.adopt()
    defer { identity.resign() }
    stalls.beginTurn(clock.now)
    switch step {
    case .inbox: _ = takeInbox()
    case .job: if !queue.isEmpty { runJob() }
    case .timer: if let action = timers.popDue(clock.now) { action() }
    case .turn:
      onDrive?()
      onTurnEnd?()
    }
  }

  /// Ends a loop as a process that is killed ends it: nothing of it runs any more.
  package func kill() {
    lock.withLock { inbox = Inbox(hasStopped: true) }
    queue.removeAll()
    timers = TimerQueue()
  }
}
