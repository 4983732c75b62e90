/// Reads one frame.
enum MessageDecoder {
  static func decode(
    _ parameters: JSONObject, _ streams: inout MessageStreams, _ clock: any TimeSource
  ) throws(AkoolError) -> JSON {
    let frame = bytes(parameters).map(MessageFrame.init)
    let now = clock.now
    let gapTimeout = parameters["gap_timeout_ms"]?.integer ?? 2_000
    let items = streams.with(parameters["stream"]?.string) { stream in
      (frame.map { stream.receive($0, now) } ?? []) + stream.overdue(now, gapTimeout: gapTimeout)
    }
    return ["items": .array(items)]
  }

  private static func bytes(_ parameters: JSONObject) -> [UInt8]? {
    if let text = parameters["payload"]?.string { return Array(text.utf8) }
    return parameters["payload_base64"]?.string.flatMap(Base64.decode)
  }
}
