internal import AkoolCore

extension Model {
  static let voiceRoutes: [Route] = [
    Route("GET", "/api/open/v4/voice/list", "voice.list") { (model, call) throws(Refusal) in
      try model.voiceList(call)
    },
    Route("GET", "/api/open/v3/voice/list", "voice.list_v3") { (model, call) throws(Refusal) in
      let from = try call.integer("from", 3...4)
      let matches = model.voices.filter {
        $0.isVisible(to: call.uid) && (from.map(Int64.init) ?? $0.origin) == $0.origin && model.status($0) == 3
      }
      return Answer(.array(matches.map { $0.oldJSON(preview: model.link($0)) }))
    },
    Route("GET", "/api/open/v4/voice/detail/{_id}", "voice.detail") { (model, call) throws(Refusal) in
      guard let voice = model.voices.first(where: { $0.id == call.lastPathPart && $0.isVisible(to: call.uid) }) else {
        throw Refusal(1008, "the voice does not exist")
      }
      return Answer(model.json(voice), subject: voice.id)
    },
    Route("POST", "/api/open/v4/voice/del", "voice.delete") { (model, call) throws(Refusal) in
      try model.deleteVoices(call)
    },
    // AKOOL's reference says POST, its samples send DELETE.
    Route("DELETE", "/api/open/v4/voice/del", "voice.delete") { (model, call) throws(Refusal) in
      try model.deleteVoices(call)
    },
    Route("POST", "/api/open/v4/voice/clone", "voice.clone") { (model, call) throws(Refusal) in
      try model.cloneVoice(call)
    },
  ]

  func status(_ voice: Voice) -> Int64 { voice.progress.status(at: now, stuckAt: 0) }

  private func json(_ voice: Voice) -> JSON {
    voice.listed(status: status(voice), preview: link(voice), options)
  }

  /// When something that is made of voices gets where: a quarter of the time it waits.
  func voiceProgress(_ url: String) -> AvatarProgress {
    let span = Milliseconds.seconds(options.voiceProcessingSeconds)
    let mark = options.avatarFailureMark
    return AvatarProgress(
      processingAt: now + span / 4, doneAt: now + span, fails: !mark.isEmpty && url.holds(mark))
  }

  // MARK: Lists

  private func voiceList(_ call: Call) throws(Refusal) -> Answer {
    let isCloned = try call.required("type") == "1"
    guard isCloned || call.request.queryValue("type") == "2" else { throw .parameter("type is not valid") }
    let stream = try call.integer("support_stream", 1...2)
    let page = try Page(call, size: 1...Int.max, defaultSize: 10, cap: Int(options.voiceListSizeCap))
    let name = (call.request.queryValue("name") ?? "").lowercased()
    let matches = voices.filter { voice in
      voice.isCloned == isCloned && voice.isVisible(to: call.uid) && voice.name.lowercased().holds(name)
        && (stream.map { ($0 == 1) == voice.canStream } ?? true)
        && call.wants(voice.style, "style") && call.wants([voice.gender], "gender") && call.wants(voice.age, "age")
        && call.wants(voice.scenario, "scenario")
    }
    return Answer(page.json(matches, json))
  }

  // MARK: Changes

  private func deleteVoices(_ call: Call) throws(Refusal) -> Answer {
    guard let ids = try call.fields().array("_ids"), !ids.isEmpty else { throw .parameter("_ids must not be empty") }
    var (deleted, refused): ([JSON], [JSON]) = ([], [])
    for id in ids {
      if let index = voices.firstIndex(where: { $0.id == id.string && $0.isCloned && $0.uid == call.uid }) {
        voices.remove(at: index)
        deleted.append(id)
      } else {
        refused.append(["_id": id, "msg": "you have no permission to delete this voice"])
      }
    }
    var answer = Answer()
    let data: JSON = ["successIds": .array(deleted), "noPermissionVoices": .array(refused)]
    answer.top = JSONObject([("msg", "Delete voice successfully"), ("data", data)])
    return answer
  }

  private func cloneVoice(_ call: Call) throws(Refusal) -> Answer {
    let id = ids.next(at: now)
    let voice = try clone(call.fields(), id, call.uid)
    try requireSubscription()
    voices.append(voice)
    arrangeWebhooks(voice.webhookURL, id, call.uid, voice.progress)
    return Answer(voice.cloned(status: status(voice), preview: link(voice)), subject: id)
  }

  private func clone(_ fields: Fields, _ id: String, _ uid: Int64) throws(Refusal) -> Voice {
    let source = try fields.link("source_voice_file")
    let models: Set = ["Akool Multilingual 1", "Akool Multilingual 3", "Akool Multilingual 4"]
    let model = try fields.choice("voice_model_name", models) ?? "Akool Multilingual 3"
    let more = try fields.nested("voice_options") ?? Fields(JSONObject())
    for name in ["remove_background_noise", "need_volume_normalization"] { _ = try more.flag(name) }
    _ = try more.text("clone_prompt")
    let language = try more.languageCode("language") ?? "en"
    var voice = Voice(
      id: id, uid: uid, isCloned: true, voiceID: "SIMULATED-clone-\(id)", name: try fields.text("name") ?? id,
      gender: try more.texts("gender").first ?? "Female", language: Self.languageName(language),
      locale: language, style: try more.texts("style"), age: try more.texts("age"),
      scenario: try more.texts("scenario"), model: model, source: source,
      webhookURL: try fields.optionalLink("webhookUrl"), progress: voiceProgress(source), createdAt: now)
    if let text = try fields.text("text") { voice.text = text }
    return voice
  }
}

extension Call {
  /// Whether one of these is among the comma-separated values of a filter, which may be absent.
  fileprivate func wants(_ values: [String], _ filter: String) -> Bool {
    guard let wanted = request.queryValue(filter), !wanted.isEmpty else { return true }
    let names = wanted.lowercased().split { $0 == "," }
    return values.contains { value in names.contains { $0 == value.lowercased() } }
  }
}
