/// Makes the frames of one message.
struct MessageEncoder {
  private let parameters: JSONObject
  private let limits: TransportLimits
  private var type: String { parameters["type"]?.string ?? "" }

  init(_ parameters: JSONObject) {
    self.parameters = parameters
    limits = TransportLimits(parameters["transport"]?.string ?? "", parameters["limits"])
  }

  func encode(_ streams: inout MessageStreams, _ clock: any TimeSource) throws(AkoolError) -> JSON {
    let mid = parameters["mid"]?.string ?? MessageIDs.next(clock.wallMilliseconds)
    let frames = try frames(mid)
    let now = clock.now
    let plan = streams.with(parameters["stream"]?.string) { stream in
      let plan = frames.map { stream.pacer.plan($0.bytes, limits, now) }
      if type != "chat", let sentAt = plan.last {
        stream.expectAck(mid, type, sentAt: sentAt, timeout: parameters["ack_timeout_ms"]?.integer ?? 10_000)
      }
      return plan
    }
    let chunks = zip(frames, plan).map { frame, moment -> JSON in
      [
        "payload": .string(frame.text), "bytes": .integer(Int64(frame.bytes)),
        "send_after_ms": .integer(moment.milliseconds(after: now)),
      ]
    }
    return ["mid": .string(mid), "chunks": .array(chunks)]
  }

  private func frames(_ mid: String) throws(AkoolError) -> [MessageFrames.Frame] {
    if type == "chat" {
      return try MessageFrames.chat(parameters["text"]?.string ?? "", mid: mid, maximum: limits.frameBytes)
    }
    let frame = MessageFrames.command(type, parameters["data"], mid: mid)
    guard frame.bytes <= limits.frameBytes else {
      throw AkoolError(
        .invalidArgument,
        "message.encode: data: the command has \(frame.bytes) bytes, \(frame.bytes - limits.frameBytes) more than the "
          + "\(limits.frameBytes) that a frame may have",
        hint: "Commands cannot be split: send the settings in several, or give them to session.create.")
    }
    return [frame]
  }
}

/// The ids of messages that were given none.
enum MessageIDs {
  private final class Last: @unchecked Sendable {
    // `time` is guarded by `lock`.
    let lock = Lock()
    var time: Int64 = 0
  }

  private static let last = Last()

  /// As AKOOL's clients write them, but never one twice in this process.
  static func next(_ now: Int64) -> String {
    let time = last.lock.withLock {
      last.time = max(now, last.time + 1)
      return last.time
    }
    return "msg-\(time)"
  }
}
