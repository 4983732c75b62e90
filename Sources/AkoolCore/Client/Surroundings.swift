/// What a client takes from outside: time and chance. Tests bring their own.
package struct Surroundings: Sendable {
  package var clock: any TimeSource
  package var random: any RandomNumberGenerator & Sendable

  package init(
    clock: (any TimeSource)? = nil,
    random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) {
    self.clock = clock ?? SystemClock()
    self.random = random
  }
}
