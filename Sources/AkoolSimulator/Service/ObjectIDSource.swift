/// Makes ids as MongoDB does: four bytes of time, five of the machine, three of a counter, in hexadecimal.
struct ObjectIDSource {
  private let machine: [UInt8]
  private var counter: UInt32

  init(_ random: inout RandomSource) {
    machine = random.bytes(5)
    counter = UInt32(truncatingIfNeeded: random.next()) & 0xFF_FFFF
  }

  mutating func next(at time: Milliseconds) -> String {
    counter = (counter + 1) & 0xFF_FFFF
    let seconds = UInt32(truncatingIfNeeded: time / 1000)
    let head = Self.bytes(seconds, 4)
    return Hexadecimal.text(head + machine + Self.bytes(counter, 3))
  }

  private static func bytes(_ number: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt32($0 * 8)) }
  }
}
