/// Makes the frames of one message, in three steps: frames, times, reply. Only the second one needs the stream.
struct MessageEncoder: Sendable {
  /// The frames of a message.
  enum Draft: Sendable {
    case chat(ChatFrames)
    case command([UInt8])
  }

  /// Longest text that is worked on by the loop, in bytes.
  private static let mostForLoop = 1_024
  /// Largest settings of a command that are worked on by the loop, in bytes, about.
  private static let mostDataForLoop = 16_384

  private let parameters: JSONObject
  private let limits: TransportLimits
  private let mid: String
  private var type: String { parameters["type"]?.string ?? "" }

  init(_ parameters: JSONObject, wallMilliseconds: Int64) {
    self.parameters = parameters
    limits = TransportLimits(parameters["transport"]?.string ?? "", parameters["limits"])
    mid = parameters["mid"]?.string ?? MessageIDs.next(wallMilliseconds)
  }

  /// True if the message would hold up the loop.
  var isLarge: Bool {
    if type == "chat" { return parameters["text"]?.string?.utf8.count ?? 0 > Self.mostForLoop }
    return parameters["data"]?.weight(upTo: Self.mostDataForLoop) ?? 0 >= Self.mostDataForLoop
  }

  func encode(
    _ streams: inout MessageStreams, _ now: Instant, _ stop: WorkStop
  ) throws(AkoolError) -> JSON {
    let draft = try draft(stop)
    return try reply(draft, times(draft, &streams, now), stop)
  }

  // MARK: Frames

  func draft(_ stop: WorkStop) throws(AkoolError) -> Draft {
    if type == "chat" {
      return .chat(try ChatFrames(parameters["text"]?.string ?? "", mid: mid, maximum: limits.frameBytes, stop))
    }
    let frame = MessageFrames.command(type, parameters["data"], mid: mid)
    guard frame.count <= limits.frameBytes else {
      throw AkoolError(
        .invalidArgument,
        "message.encode: data: the command has \(frame.count) bytes, \(frame.count - limits.frameBytes) more than the "
          + "\(limits.frameBytes) that a frame may have",
        hint: "Commands cannot be split: send the settings in several, or give them to session.create.")
    }
    return .command(frame)
  }

  // MARK: Times

  /// The time to send each frame, in milliseconds from now.
  func times(_ draft: Draft, _ streams: inout MessageStreams, _ now: Instant) -> [Int64] {
    let name = parameters["stream"]?.string
    var (stream, times) = (streams.take(name), [Int64]())
    switch draft {
    case .chat(let frames):
      times.reserveCapacity(frames.cuts.count)
      for cut in frames.cuts {
        times.append(stream.pacer.plan(cut.bytes, limits, now).milliseconds(after: now))
      }
    case .command(let frame):
      let sentAt = stream.pacer.plan(frame.count, limits, now)
      stream.expectAck(mid, type, sentAt: sentAt, timeout: parameters["ack_timeout_ms"]?.integer ?? 10_000)
      times.append(sentAt.milliseconds(after: now))
    }
    streams.keep(stream, as: name)
    return times
  }

  // MARK: The reply

  func reply(_ draft: Draft, _ times: [Int64], _ stop: WorkStop) throws(AkoolError) -> JSON {
    var chunks: [JSON] = []
    chunks.reserveCapacity(times.count)
    func add(_ index: Int, _ frame: [UInt8]) {
      chunks.append(
        .object(
          JSONObject(unique: [
            ("payload", .string(String(decoding: frame, as: UTF8.self))), ("bytes", .integer(Int64(frame.count))),
            ("send_after_ms", .integer(times[index])),
          ])))
    }
    switch draft {
    case .chat(let frames): try frames.forEach(stop, add)
    case .command(let frame): add(0, frame)
    }
    return ["mid": .string(mid), "chunks": .array(chunks)]
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
