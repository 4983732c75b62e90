/// Says when frames may be sent so that no second has too much of them, whatever was sent before.
struct SendPacer {
  private struct Sending {
    let at: Instant
    let bytes: Int
  }

  /// What was planned in the second before the last frame, the oldest first.
  private var recent: [Sending] = []

  /// Plans a frame of so many bytes, not before `now`.
  mutating func plan(_ bytes: Int, _ limits: TransportLimits, _ now: Instant) -> Instant {
    var moment = now
    if let last = recent.last { moment = max(now, last.at.adding(milliseconds: Self.pause(after: last.bytes, limits))) }
    while let oldest = crowding(bytes, limits, moment) { moment = oldest.adding(milliseconds: 1_000) }
    recent.removeAll { $0.at.adding(milliseconds: 1_000) <= moment }
    recent.append(Sending(at: moment, bytes: bytes))
    return moment
  }

  /// An even pace: the time that a frame takes at the rate that is allowed.
  private static func pause(after bytes: Int, _ limits: TransportLimits) -> Int64 {
    let byBytes = limits.bytesPerSecond > 0 ? (1_000 * bytes + limits.bytesPerSecond - 1) / limits.bytesPerSecond : 0
    let byFrames = limits.framesPerSecond > 0 ? (1_000 + limits.framesPerSecond - 1) / limits.framesPerSecond : 0
    return Int64(max(byBytes, byFrames))
  }

  /// The oldest frame of the second before `moment`, when another one would be too much for that second.
  private func crowding(_ bytes: Int, _ limits: TransportLimits, _ moment: Instant) -> Instant? {
    let second = recent.filter { $0.at.adding(milliseconds: 1_000) > moment }
    let sum = second.reduce(bytes) { $0 + $1.bytes }
    let isFull =
      (limits.bytesPerSecond > 0 && sum > limits.bytesPerSecond)
      || (limits.framesPerSecond > 0 && second.count >= limits.framesPerSecond)
    return isFull ? second.first?.at : nil
  }
}
