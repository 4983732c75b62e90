internal import AkoolCore

extension Model {
  /// Where the links of answers lead in process, where nobody listens anywhere.
  static let defaultOrigin = "https://simulated.example.com"
  private static let voicePreviewBytes: Int64 = 128_000

  static let fileRoutes: [Route] = [
    Route("GET", "/recording/{name}", "file", isProtected: false) { (model, call) throws(Refusal) in
      let recording = model.recordings.first { $0.linkedName == call.lastPathPart && model.status($0) == 3 }
      return model.answer(recording.map(model.file), until: recording.map(model.deletionTime), call)
    },
    Route("GET", "/voice/{name}", "file", isProtected: false) { (model, call) throws(Refusal) in
      let voice = model.voices.first { "\($0.voiceID).mp3" == call.lastPathPart && model.status($0) == 3 }
      return model.answer(voice.map(model.file), until: nil, call)
    },
  ]

  func link(_ recording: Recording) -> String { "\(origin)/recording/\(recording.linkedName)" }

  func link(_ voice: Voice) -> String { "\(origin)/voice/\(voice.voiceID).mp3" }

  private func file(_ recording: Recording) -> GeneratedFile {
    let format = recording.settings.format
    let spoken = recording.length * format.bytesPerSecond / 1000
    return GeneratedFile(
      id: recording.id, format: format, atLeast: options.recordingBytes > 0 ? options.recordingBytes : spoken)
  }

  private func deletionTime(_ recording: Recording) -> Milliseconds {
    recording.createdAt + .seconds(options.resourceLifetimeSeconds)
  }

  private func file(_ voice: Voice) -> GeneratedFile {
    GeneratedFile(id: voice.voiceID, atLeast: Self.voicePreviewBytes)
  }

  // MARK: Answering as a file server does

  private func answer(_ file: GeneratedFile?, until end: Milliseconds?, _ call: Call) -> Answer {
    guard let file, end.map({ now < $0 }) ?? true else { return Self.gone(Int(options.goneFileStatus)) }
    let common = [HTTPHeader("accept-ranges", "bytes"), HTTPHeader("etag", file.tag)]
    let isSame = call.request.header("if-range").map { $0 == file.tag } ?? true
    let type = file.format.contentType
    switch isSame ? ByteRange(call.request.header("range"), size: file.size) : .all {
    case .all:
      return Self.content(200, type, file.bytes(0..<file.size), common)
    case .part(let range):
      let place = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
      return Self.content(206, type, file.bytes(range), common + [HTTPHeader("content-range", place)])
    case .unsatisfiable:
      return Self.content(416, type, [], common + [HTTPHeader("content-range", "bytes */\(file.size)")])
    }
  }

  private static func content(_ status: Int, _ type: String, _ body: [UInt8], _ headers: [HTTPHeader]) -> Answer {
    var answer = Answer()
    answer.content = Answer.Content(status: status, type: type, headers: headers, body: body)
    return answer
  }

  private static func gone(_ status: Int) -> Answer {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Message>simulated: no such file</Message></Error>\n"
    var answer = Answer()
    answer.content = Answer.Content(status: status, type: "application/xml", headers: [], body: Array(text.utf8))
    return answer
  }
}
