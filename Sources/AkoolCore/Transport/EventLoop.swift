internal import CLinux
internal import Glibc

/// One thread that waits for sockets and timers and runs everything of one client.
///
/// It is the executor of the client's actor: the code of a call is plain `async` code, never runs beside
/// other code of the same client, and needs no lock. It is the tasks' preferred executor too: without that, a
/// continuation resumes by way of the global pool, whose threads this library must not start.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  // `inbox` is guarded by `lock`; everything else that changes is touched by the loop's thread alone,
  // but for `thread`, which is written before any other thread can know the loop.

  /// How many jobs run before sockets and timers get their turn.
  private static let jobsPerTurn = 256

  private struct Inbox {
    var items: [Item] = []
    var isAsleep = false
    var isStopping = false
    /// Nothing is taken in any more: what stayed here would keep its client, and that this loop, for ever.
    var hasStopped = false
  }

  private enum Item {
    case job(UnownedJob)
    case action(@Sendable () -> Void)
  }

  private let lock = Lock()
  private var inbox = Inbox()
  private let poller: Poller
  private var queue: [Item] = []
  private var timers = TimerQueue()
  private var thread: SystemThread?
  private var threadID = pthread_t()
  private(set) var stalls = StallMeter()
  /// When this turn of the loop began: the time, without asking the system once more.
  var now: Instant { stalls.turnStart }

  /// Called with a descriptor that is ready, and its epoll events.
  var onReady: ((Int32, UInt32) -> Void)?
  /// Called before the thread looks at its sockets again.
  var onTurnEnd: (@Sendable () -> Void)?

  /// A loop whose thread runs already.
  public init() throws(AkoolError) {
    poller = try Poller()
    let started = Gate()
    thread = try SystemThread(name: "akool-io") { [self] in
      threadID = pthread_self()
      started.open()
      run()
    }
    started.wait()
  }

  /// The moment on the monotonic clock, in nanoseconds.
  public static func monotonicNanoseconds() -> UInt64 { Instant.now.nanoseconds }

  /// Whether the caller runs on the loop's thread.
  public var isCurrent: Bool { pthread_equal(pthread_self(), threadID) != 0 }

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

  /// Watches a descriptor for epoll events; 0 ends watching. On the loop's thread only.
  func watch(_ descriptor: Int32, events: UInt32) { poller.watch(descriptor, events: events) }

  /// Ends the thread once what is queued has run. Not on the loop's thread.
  func stopAndJoin() {
    lock.withLock { inbox.isStopping = true }
    poller.wake()
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
    let mustWake = lock.withLock {
      if inbox.hasStopped { return false }
      inbox.items.append(item)
      defer { inbox.isAsleep = false }
      return inbox.isAsleep
    }
    if mustWake { poller.wake() }
  }

  private func run() {
    while takeInbox() {
      runJobs()
      fireTimers()
      poll()
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

  private func fireTimers() {
    guard !timers.isEmpty else { return }
    let now = Instant.now
    while let action = timers.popDue(now) { action() }
  }

  private func poll() {
    onTurnEnd?()
    let timeout = prepareToSleep()
    stalls.endTurn()
    let ready = poller.wait(milliseconds: timeout)
    stalls.beginTurn()
    if timeout != 0 { lock.withLock { inbox.isAsleep = false } }
    for index in 0..<ready {
      let (descriptor, events) = poller.event(index)
      onReady?(descriptor, events)
    }
  }

  private func prepareToSleep() -> Int32 {
    guard queue.isEmpty else { return 0 }
    let timeout = millisecondsToNextTimer()
    guard timeout != 0 else { return 0 }
    return lock.withLock {
      guard inbox.items.isEmpty, !inbox.isStopping else { return 0 }
      inbox.isAsleep = true
      return timeout
    }
  }

  private func millisecondsToNextTimer() -> Int32 {
    guard let next = timers.nextDeadline else { return -1 }
    return Int32(clamping: next.milliseconds(after: .now))
  }
}
