/// SplitMix64: repeatable from a seed.
struct RandomSource: RandomNumberGenerator {
  private var state: UInt64

  /// - Parameter seed: 0 for another sequence each time.
  init(seed: Int64) {
    var system = SystemRandomNumberGenerator()
    state = seed == 0 ? system.next() : UInt64(bitPattern: seed)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to below 1.
  mutating func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
