/// A recording as a file: silence that any player of MP3 plays, with padding that differs from frame to frame, so that
/// a piece in the wrong place is noticed. Any part of it can be made without the rest.
struct GeneratedFile {
  /// One frame of MPEG 1 layer III at 128 kbit/s and 44.1 kHz, which lasts 26 ms.
  private static let frameBytes: Int64 = 417
  private static let head: [UInt8] = [0xFF, 0xFB, 0x90, 0x64]
  /// Zeros here mean that a frame has no sound; players skip what is behind them.
  private static let sideBytes = 32

  let id: String
  let size: Int64
  private let seed: UInt64

  /// - Parameter bytes: how large it is at least; whole frames are made.
  init(id: String, atLeast bytes: Int64) {
    self.id = id
    size = max(1, (bytes + Self.frameBytes - 1) / Self.frameBytes) * Self.frameBytes
    // FNV-1a: another file for another id.
    seed = id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// A strong validator: the same id has the same bytes for ever.
  var tag: String { "\"\(id)-\(size)\"" }

  /// - Parameter range: within the file.
  func bytes(_ range: Range<Int64>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    var frame = range.lowerBound / Self.frameBytes
    while frame * Self.frameBytes < range.upperBound {
      let start = frame * Self.frameBytes
      let part = max(0, range.lowerBound - start)..<min(Self.frameBytes, range.upperBound - start)
      bytes += self.frame(frame)[Int(part.lowerBound)..<Int(part.upperBound)]
      frame += 1
    }
    return bytes
  }

  private func frame(_ number: Int64) -> [UInt8] {
    var random = RandomSource(seed: Int64(bitPattern: (seed &+ UInt64(bitPattern: number)) | 1))
    let padding = Int(Self.frameBytes) - Self.head.count - Self.sideBytes
    // Without the highest bit no byte looks like the beginning of a frame.
    return Self.head + [UInt8](repeating: 0, count: Self.sideBytes) + random.bytes(padding).map { $0 & 0x7F }
  }
}
