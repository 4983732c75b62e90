/// Reads one frame, in two steps: only the second one needs the stream.
struct MessageDecoder: Sendable {
  private let parameters: JSONObject
  private var text: String? { parameters["payload"]?.string }
  private var base64: String? { parameters["payload_base64"]?.string }

  init(_ parameters: JSONObject) { self.parameters = parameters }

  /// True if reading the frame would hold up the loop.
  var isLarge: Bool { text?.utf8.count ?? base64?.utf8.count ?? 0 > Service.largeBody }

  /// The frame, where there is one.
  var frame: MessageFrame? {
    if let text {
      return text.utf8.count > MessageFrame.maximumBytes ? .tooLarge(text.utf8.count) : MessageFrame(Array(text.utf8))
    }
    guard let base64 else { return nil }
    let size = Self.size(ofBase64: base64)
    return size > MessageFrame.maximumBytes ? .tooLarge(size) : Base64.decode(base64).map(MessageFrame.init)
  }

  private static func size(ofBase64 text: String) -> Int {
    text.utf8.count / 4 * 3 - (text.hasSuffix("==") ? 2 : text.hasSuffix("=") ? 1 : 0)
  }

  func items(_ frame: MessageFrame?, _ streams: inout MessageStreams, _ now: Instant) -> JSON {
    let gapTimeout = parameters["gap_timeout_ms"]?.integer ?? 2_000
    let name = parameters["stream"]?.string
    var stream = streams.take(name)
    var items = frame.map { stream.receive($0, now) } ?? []
    items += stream.overdue(now, gapTimeout: gapTimeout)
    streams.keep(stream, as: name)
    return ["items": .array(items)]
  }
}
