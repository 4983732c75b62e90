internal import AkoolCore

extension Model {
  static let recordingRoutes: [Route] = [
    Route("POST", "/api/open/v4/voice/tts", "voice.tts") { (model, call) throws(Refusal) in try model.speak(call) },
    Route("POST", "/api/open/v4/voice/change", "voice.change") { (model, call) throws(Refusal) in
      try model.changeVoice(call)
    },
    Route("GET", "/api/open/v4/voice/resource/list", "voice.resource_list") { (model, call) throws(Refusal) in
      guard let type = try call.integer("type", 1...2) else { throw .parameter("type must not be empty") }
      let page = try Page(call, size: 1...Int.max, defaultSize: 10, cap: Int(model.options.voiceListSizeCap))
      let matches = model.recordings.filter { $0.type == Int64(type) && $0.uid == call.uid }
      return Answer(page.json(matches) { $0.listed(status: model.status($0), preview: model.link($0)) })
    },
    Route("GET", "/api/open/v4/voice/resource/detail/{_id}", "voice.resource_detail") { (model, call) throws(Refusal) in
      guard let found = model.recordings.first(where: { $0.id == call.lastPathPart && $0.uid == call.uid }) else {
        throw Refusal(1014, "the resource does not exist")
      }
      let json = found.detailed(status: model.status(found), preview: model.link(found))
      return Answer(model.options.recordingShape == .wrapped ? ["result": json] : json, subject: found.id)
    },
  ]

  func status(_ recording: Recording) -> Int64 { recording.progress.status(at: now, stuckAt: 0) }

  // MARK: Orders

  private func speak(_ call: Call) throws(Refusal) -> Answer {
    let fields = try call.fields()
    let text = try fields.requiredText("input_text")
    let length = Int64(text.unicodeScalars.count)
    guard length <= options.speechMaximum else { throw .parameter("input_text is too long") }
    let settings = try SpeechSettings(speech: fields)
    let price = Credit(micros: options.creditPer1000Characters.micros * length / 1000)
    let mixture = options.timberWeightsNeedVoice ? [] : settings.mixture
    let chosen =
      mixture.isEmpty ? [try fields.requiredText("voice_id")] : try fields.text("voice_id").map { [$0] } ?? mixture
    return try record(.speech(text: text), chosen, settings, fields, price, call)
  }

  private func changeVoice(_ call: Call) throws(Refusal) -> Answer {
    let fields = try call.fields()
    let source = try fields.link("source_voice_file")
    let settings = try SpeechSettings(change: fields)
    let voice = try fields.requiredText("voice_id")
    return try record(
      .change(source: source), [voice], settings, fields, options.creditPer1000Characters, call)
  }

  /// Makes a recording and charges for it.
  private func record(
    _ order: Recording.Order, _ voiceIDs: [String], _ settings: SpeechSettings, _ fields: Fields, _ price: Credit,
    _ call: Call
  ) throws(Refusal) -> Answer {
    let webhookURL = try fields.optionalLink("webhookUrl")
    try requireSubscription()
    let voice = try usableVoice(voiceIDs, call.uid)
    if case .change = order, options.changeNeedsModel1, voice.model != Voice.changingModel {
      throw .parameter("voice_id is of a model that does not support voice change")
    }
    if let account = accounts[call.uid], account.credit < price {
      throw Refusal(options.insufficientCreditCode, "credit balance is insufficient")
    }
    accounts.change(call.uid) { $0.charge(price) }
    let recording = Recording(
      order: order, id: ids.next(at: now), uid: call.uid, voice: voice, settings: settings, webhookURL: webhookURL,
      price: price, progress: progress(of: order), createdAt: now)
    recordings.append(recording)
    arrangeWebhooks(webhookURL, recording.id, call.uid, recording.progress)
    return Answer(recording.ordered(status: status(recording), preview: link(recording)), subject: recording.id)
  }

  /// The first of some voices, all of which must be ready.
  private func usableVoice(_ voiceIDs: [String], _ uid: Int64) throws(Refusal) -> Voice {
    let found = voiceIDs.compactMap { id in
      voices.first { $0.voiceID == id && $0.isVisible(to: uid) && status($0) == 3 }
    }
    guard let first = found.first, found.count == voiceIDs.count else {
      throw Refusal(1008, "the voice does not exist")
    }
    return first
  }

  private func progress(of order: Recording.Order) -> AvatarProgress {
    switch order {
    case .speech: voiceProgress("")
    case .change(let source): voiceProgress(source)
    }
  }
}
