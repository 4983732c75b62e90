/// What a room's data channel takes.
struct TransportLimits: Sendable, Equatable {
  /// The largest frame, in bytes.
  var frameBytes: Int
  /// The most bytes in any second; 0 for no limit.
  var bytesPerSecond: Int
  /// The most frames in any second; 0 for no limit.
  var framesPerSecond: Int

  /// What AKOOL's own clients keep to, where they keep to less than the transport takes.
  static let all: [String: TransportLimits] = [
    "agora": TransportLimits(frameBytes: 950, bytesPerSecond: 6_000, framesPerSecond: 0),
    "livekit": TransportLimits(frameBytes: 960, bytesPerSecond: 5_760, framesPerSecond: 0),
    "trtc": TransportLimits(frameBytes: 960, bytesPerSecond: 7_680, framesPerSecond: 30),
  ]

  /// The transport's limits, as far as the caller has not given others.
  init(_ transport: String, _ given: JSON?) {
    self = Self.all[transport] ?? TransportLimits(frameBytes: 950, bytesPerSecond: 6_000, framesPerSecond: 0)
    frameBytes = given?["max_bytes"]?.integer.map { Int(clamping: $0) } ?? frameBytes
    bytesPerSecond = given?["bytes_per_second"]?.integer.map { Int(clamping: $0) } ?? bytesPerSecond
    framesPerSecond = given?["calls_per_second"]?.integer.map { Int(clamping: $0) } ?? framesPerSecond
  }

  init(frameBytes: Int, bytesPerSecond: Int, framesPerSecond: Int) {
    self.frameBytes = frameBytes
    self.bytesPerSecond = bytesPerSecond
    self.framesPerSecond = framesPerSecond
  }
}
