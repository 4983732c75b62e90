extension ClientCore {
  /// Starts a task of this client.
  ///
  /// Not a plain `Task`: that would inherit the actor but not the loop as preferred executor, and each of
  /// its continuations would resume by way of the global pool.
  func spawn(_ work: @escaping () async -> Void) {
    let work = LoopWork(run: work)
    Task(executorPreference: loop) { await self.perform(work) }
  }

  private func perform(_ work: LoopWork) async { await work.run() }
}

/// Work that is made, carried and run on one event loop.
private struct LoopWork: @unchecked Sendable {
  // `spawn` is isolated to the actor, and so is `perform`: the closure never leaves the loop's thread.
  let run: () async -> Void
}
