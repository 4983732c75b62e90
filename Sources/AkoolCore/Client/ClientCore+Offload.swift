extension ClientCore {
  /// Bodies above this many bytes are worked on off the I/O thread: 10 MB take a third of a second to parse.
  static var largeBody: Int { 262_144 }

  /// Does something with a body of so many bytes, where it holds nobody up.
  func offload<Value: Sendable>(
    bytes: Int, _ call: CallContext, _ work: @escaping @Sendable () -> Value
  ) async throws(Interruption) -> Value {
    guard bytes > Self.largeBody else { return work() }
    let (loop, worker) = (loop, worker)
    return try await call.scope.suspend { (resume: @escaping (Value) -> Void) in
      let resume = LoopCallback(call: resume)
      worker.run {
        let value = work()
        loop.post { resume.call(value) }
      }
      return {}
    }
  }
}

/// A function that only the event loop calls.
struct LoopCallback<Value>: @unchecked Sendable {
  // Made on the loop; the worker only carries it back there.
  let call: (Value) -> Void
}
