/// Format of an audio file; the raw value is its name in parameters and the ending of its file name.
enum AudioFormat: String, CaseIterable {
  case mp3, wav

  var contentType: String {
    switch self {
    case .mp3: "audio/mpeg"
    case .wav: "audio/wav"
    }
  }

  /// MP3 at 128 kbit/s; WAV in PCM of 16 bits, mono, 32 kHz.
  var bytesPerSecond: Int64 {
    switch self {
    case .mp3: 16_000
    case .wav: 64_000
    }
  }

  /// An MP3 frame at 44.1 kHz, or 10 ms of PCM.
  var frameBytes: Int64 {
    switch self {
    case .mp3: 417
    case .wav: 640
    }
  }

  /// Bytes before the frames of a file.
  func header(audioBytes: Int64) -> [UInt8] {
    guard self == .wav else { return [] }
    let format = Self.bytes(1, 2) + Self.bytes(1, 2) + Self.bytes(32_000, 4) + Self.bytes(bytesPerSecond, 4)
    return Array("RIFF".utf8) + Self.bytes(36 + audioBytes, 4) + Array("WAVEfmt ".utf8) + Self.bytes(16, 4)
      + format + Self.bytes(2, 2) + Self.bytes(16, 2) + Array("data".utf8) + Self.bytes(audioBytes, 4)
  }

  /// Little-endian.
  private static func bytes(_ number: Int64, _ count: Int64) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
