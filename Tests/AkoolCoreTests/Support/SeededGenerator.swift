import AkoolCore

/// A random source that a failing test can repeat (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension JSON {
  static func random(depth: Int, _ random: inout SeededGenerator) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<63, using: &random))
    case 3: return .number(Double.random(in: -1e9...1e9, using: &random) + 0.5)
    case 4: return .string(randomText(&random))
    case 5: return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in .random(depth: depth - 1, &random) })
    default:
      let members = (0..<Int.random(in: 0..<5, using: &random)).map {
        ("k\($0)", JSON.random(depth: depth - 1, &random))
      }
      return .object(JSONObject(members))
    }
  }

  private static func randomText(_ random: inout SeededGenerator) -> String {
    let alphabet = ["a", "\"", "\\", "/", "\n", "\u{1}", "é", "你", "😀", "\0", "\u{7F}", "\u{2028}"]
    return (0..<Int.random(in: 0..<12, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }
      .joined()
  }
}
