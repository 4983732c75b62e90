extension EventLoop {
  /// Starts a task on this loop. On the loop's thread only.
  ///
  /// Not a plain `Task`: each of its continuations would resume on the global pool.
  func spawn(_ work: @escaping () async -> Void) {
    let (island, work) = (LoopIsland(self), LoopWork(run: work))
    Task(executorPreference: self) { await island.perform(work) }
  }
}

/// Isolation of a task that belongs to no actor: without one, a task on a loop that is both serial and task executor
/// changes from one to the other forever.
private actor LoopIsland {
  private nonisolated let loop: EventLoop

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ loop: EventLoop) { self.loop = loop }

  func perform(_ work: LoopWork) async { await work.run() }
}

/// Work that is made, carried and run on one event loop.
struct LoopWork: @unchecked Sendable {
  // Made and run on the loop: the closure never leaves its thread.
  let run: () async -> Void
}

/// A function that only the event loop calls.
struct LoopCallback<Value>: @unchecked Sendable {
  // Made on the loop; other threads only carry it back there.
  let call: (Value) -> Void
}

extension Worker {
  /// Runs work on this worker's thread, and resumes on the loop with what it returns, or with LOCAL_IO when no thread
  /// can be had. The end of the scope sets the flag of the work.
  func run<Value: Sendable>(
    _ scope: Scope, _ loop: EventLoop, isUrgent: Bool = false, _ work: @escaping @Sendable (CancelFlag) -> Value
  ) async throws(Interruption) -> Result<Value, AkoolError> {
    try await scope.suspend { (resume: @escaping (Result<Value, AkoolError>) -> Void) in
      let (flag, back) = (CancelFlag(), LoopCallback(call: resume))
      do throws(AkoolError) {
        try run(isUrgent: isUrgent, flag: flag) { flag in
          let value = work(flag)
          // Freed here, on the worker: freeing a large value would delay the loop.
          if flag.isSet { return }
          loop.post { back.call(.success(value)) }
        }
      } catch {
        resume(.failure(error))
      }
      return { flag.set() }
    }
  }
}
