internal import AkoolCore

extension Model {
  static let recordingRoutes: [Route] = [
    Route("POST", "/api/open/v4/voice/tts", "voice.tts") { (model, call) throws(Refusal) in
      let fields = try call.fields()
      let text = try fields.requiredText("input_text")
      let length = Int64(text.unicodeScalars.count)
      guard length <= model.options.speechMaximum else { throw .parameter("input_text is too long") }
      let price = Credit(micros: model.options.creditPer1000Characters.micros * length / 1000)
      return try model.record(1, fields, price, call, text: text)
    },
    Route("POST", "/api/open/v4/voice/change", "voice.change") { (model, call) throws(Refusal) in
      let fields = try call.fields()
      let source = try fields.link("source_voice_file")
      return try model.record(2, fields, model.options.creditPer1000Characters, call, source: source)
    },
    Route("GET", "/api/open/v4/voice/resource/list", "voice.resource_list") { (model, call) throws(Refusal) in
      guard let type = try call.integer("type", 1...2) else { throw .parameter("type must not be empty") }
      let page = try Page(call, size: 1...Int.max, defaultSize: 10, cap: Int(model.options.voiceListSizeCap))
      let matches = model.recordings.filter { $0.type == Int64(type) && $0.uid == call.uid }
      return Answer(page.json(matches, model.json))
    },
    Route("GET", "/api/open/v4/voice/resource/detail/{_id}", "voice.resource_detail") { (model, call) throws(Refusal) in
      guard let found = model.recordings.first(where: { $0.id == call.lastPathPart && $0.uid == call.uid }) else {
        throw Refusal(1014, "the resource does not exist")
      }
      let json = model.json(found)
      return Answer(model.options.recordingShape == .wrapped ? ["result": json] : json, subject: found.id)
    },
  ]

  /// Makes a recording and charges for it.
  private func record(
    _ type: Int64, _ fields: Fields, _ price: Credit, _ call: Call, text: String? = nil, source: String? = nil
  ) throws(Refusal) -> Answer {
    let voiceID = try fields.requiredText("voice_id")
    let webhookURL = try fields.optionalLink("webhookUrl")
    try requireSubscription()
    guard voices.contains(where: { $0.voiceID == voiceID && $0.isVisible(to: call.uid) && status($0) == 3 }) else {
      throw Refusal(1008, "the voice does not exist")
    }
    if let account = accounts[call.uid], account.credit < price {
      throw Refusal(options.insufficientCreditCode, "credit balance is insufficient")
    }
    accounts.change(call.uid) { $0.charge(price) }
    let recording = Recording(
      type: type, id: ids.next(at: now), uid: call.uid, voiceID: voiceID, text: text, source: source, price: price,
      progress: voiceProgress(source ?? ""), createdAt: now)
    recordings.append(recording)
    arrangeWebhooks(webhookURL, recording.id, call.uid, recording.progress)
    return Answer(json(recording), subject: recording.id)
  }

  private func json(_ recording: Recording) -> JSON {
    recording.json(status: status(recording), preview: link(recording))
  }

  func status(_ recording: Recording) -> Int64 { recording.progress.status(at: now, stuckAt: 0) }
}
