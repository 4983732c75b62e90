/// Says when frames may be sent so that no second has too much of them, whatever was sent before. A frame takes
/// constant time, amortised.
struct SendPacer {
  /// Frames of one moment.
  private struct Sending {
    let at: Instant
    var bytes: Int
    var frames: Int
  }

  /// What was planned in the second before the last frame, the oldest first.
  private var recent = Queue<Sending>()
  /// The sum of `recent`, without `latest`.
  private var (bytes, frames) = (0, 0)
  /// The moment of the last frame, with all frames of that moment; the queue does not have it yet.
  private var latest: Sending?
  private var lastBytes = 0

  /// Plans a frame of so many bytes, not before `now`.
  @inline(never)
  mutating func plan(_ bytes: Int, _ limits: TransportLimits, _ now: Instant) -> Instant {
    var moment = now
    if let latest { moment = max(now, latest.at.adding(milliseconds: Self.pause(after: lastBytes, limits))) }
    begin(moment)
    while isFull(bytes, limits), let oldest = recent.first ?? latest {
      moment = oldest.at.adding(milliseconds: 1_000)
      begin(moment)
    }
    lastBytes = bytes
    latest = Sending(at: moment, bytes: (latest?.bytes ?? 0) + bytes, frames: (latest?.frames ?? 0) + 1)
    return moment
  }

  /// Forgets what is not in the second before a moment.
  private mutating func begin(_ moment: Instant) {
    if let latest, latest.at != moment {
      recent.append(latest)
      (bytes, frames) = (bytes + latest.bytes, frames + latest.frames)
      self.latest = nil
    }
    while let oldest = recent.first, oldest.at.adding(milliseconds: 1_000) <= moment {
      recent.removeFirst()
      (bytes, frames) = (bytes - oldest.bytes, frames - oldest.frames)
    }
  }

  /// An even pace: the time that a frame takes at the rate that is allowed.
  private static func pause(after bytes: Int, _ limits: TransportLimits) -> Int64 {
    let byBytes = limits.bytesPerSecond > 0 ? (1_000 * bytes + limits.bytesPerSecond - 1) / limits.bytesPerSecond : 0
    let byFrames = limits.framesPerSecond > 0 ? (1_000 + limits.framesPerSecond - 1) / limits.framesPerSecond : 0
    return Int64(max(byBytes, byFrames))
  }

  /// True if another frame would be too much for the second.
  private func isFull(_ more: Int, _ limits: TransportLimits) -> Bool {
    (limits.bytesPerSecond > 0 && bytes + (latest?.bytes ?? 0) + more > limits.bytesPerSecond)
      || (limits.framesPerSecond > 0 && frames + (latest?.frames ?? 0) >= limits.framesPerSecond)
  }
}
