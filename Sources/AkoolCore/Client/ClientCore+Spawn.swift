extension ClientCore {
  /// Starts a task of this client.
  ///
  /// Not a plain `Task`: that would inherit the actor but not the loop as preferred executor, and each of its
  /// continuations would resume on the global pool.
  func spawn(_ work: @escaping () async -> Void) {
    let work = LoopWork(run: work)
    Task(executorPreference: loop) { await self.perform(work) }
  }

  private func perform(_ work: LoopWork) async { await work.run() }
}
