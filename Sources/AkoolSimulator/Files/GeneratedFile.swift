/// A recording as a file: silence that any player plays, with bytes that differ from frame to frame, so that a piece in
/// the wrong place is noticed. Any part of it can be made without the rest.
struct GeneratedFile {
  /// Head of a frame of MPEG 1 layer III at 128 kbit/s and 44.1 kHz, which lasts 26 ms.
  private static let frameHead: [UInt8] = [0xFF, 0xFB, 0x90, 0x64]
  /// Zeros here mean that a frame has no sound; players skip what is behind them.
  private static let sideBytes = 32

  let id: String
  let format: AudioFormat
  let size: Int64
  private let header: [UInt8]
  private let seed: UInt64

  /// - Parameter bytes: least size of the audio; whole frames are made.
  init(id: String, format: AudioFormat = .mp3, atLeast bytes: Int64) {
    self.id = id
    self.format = format
    let audioBytes = max(1, (bytes + format.frameBytes - 1) / format.frameBytes) * format.frameBytes
    header = format.header(audioBytes: audioBytes)
    size = Int64(header.count) + audioBytes
    // FNV-1a: another file for another id.
    seed = id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// A strong validator: the same id has the same bytes for ever.
  var tag: String { "\"\(id)-\(size)\"" }

  /// - Parameter range: within the file.
  func bytes(_ range: Range<Int64>) -> [UInt8] {
    let headerBytes = Int64(header.count)
    let audio = max(0, range.lowerBound - headerBytes)..<max(0, range.upperBound - headerBytes)
    let part = range.clamped(to: 0..<headerBytes)
    return Array(header[Int(part.lowerBound)..<Int(part.upperBound)]) + self.audio(audio)
  }

  private func audio(_ range: Range<Int64>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    var frame = range.lowerBound / format.frameBytes
    while frame * format.frameBytes < range.upperBound {
      let start = frame * format.frameBytes
      let part = max(0, range.lowerBound - start)..<min(format.frameBytes, range.upperBound - start)
      bytes += self.frame(frame)[Int(part.lowerBound)..<Int(part.upperBound)]
      frame += 1
    }
    return bytes
  }

  private func frame(_ number: Int64) -> [UInt8] {
    var random = RandomSource(seed: Int64(bitPattern: (seed &+ UInt64(bitPattern: number)) | 1))
    switch format {
    case .mp3:
      let padding = Int(format.frameBytes) - Self.frameHead.count - Self.sideBytes
      // Without the highest bit no byte looks like the beginning of a frame.
      return Self.frameHead + [UInt8](repeating: 0, count: Self.sideBytes) + random.bytes(padding).map { $0 & 0x7F }
    case .wav:
      // Samples from 0 to 7 of 32767 are inaudible.
      return random.bytes(Int(format.frameBytes) / 2).flatMap { [$0 & 7, 0] }
    }
  }
}
