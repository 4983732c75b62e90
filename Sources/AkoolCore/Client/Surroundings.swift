/// Injected dependencies of a client: time, chance and threads. Tests bring their own.
package struct Surroundings: Sendable {
  package var clock: any TimeSource
  package var random: any RandomNumberGenerator & Sendable
  /// Runs loop and workers in place of threads.
  package var driver: (any LoopDriver)?

  package init(
    clock: (any TimeSource)? = nil,
    random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(), driver: (any LoopDriver)? = nil
  ) {
    self.clock = clock ?? SystemClock()
    self.random = random
    self.driver = driver
  }
}
