internal import AkoolCore

extension Model {
  static let avatarRoutes: [Route] = [
    Route("POST", "/api/open/v3/avatar/create", "avatar.create") { (model, call) throws(Refusal) in
      try model.createAvatar(call)
    },
    Route("GET", "/api/open/v3/avatar/detail", "avatar.detail") { (model, call) throws(Refusal) in
      try model.avatarRecord(call)
    },
    Route("GET", "/api/open/v3/avatar/list", "avatar.list_v3") { (model, call) throws(Refusal) in
      try model.avatarCatalogue(call)
    },
    Route("GET", "/api/open/v4/liveAvatar/avatar/list", "avatar.list") { (model, call) throws(Refusal) in
      try model.streamingAvatars(call)
    },
    Route("GET", "/api/open/v4/liveAvatar/avatar/detail", "avatar.detail") { (model, call) throws(Refusal) in
      try model.streamingAvatar(call)
    },
  ]

  func status(_ avatar: Avatar) -> Int64 {
    let limit = avatar.isOfficial ? 0 : options.stuckAvatarStatus
    return avatar.progress.status(at: now, stuckAt: limit)
  }

  /// Whether the avatar cannot take another session now.
  func isOccupied(_ avatar: Avatar) -> Bool {
    if options.occupiedAvatars.contains(avatar.avatarID) { return true }
    if avatar.isOfficial && options.officialAvatarsShared { return false }
    return avatar.sessions > 0 || now < avatar.busyUntil
  }

  func unknownAvatar() -> Refusal { Refusal(options.unknownAvatarCode, "the avatar does not exist") }

  private func createAvatar(_ call: Call) throws(Refusal) -> Answer {
    let upload = try AvatarUpload(call.fields(), options)
    try requireSubscription()
    guard avatars.avatar(avatarID: upload.avatarID) == nil else { throw Refusal(1222, "the avatar already exists") }
    if options.maximumUploads > 0, avatars.uploadCount(call.uid) >= options.maximumUploads {
      throw Refusal(1223, "upload exceeded")
    }
    let avatar = newAvatar(upload, call.uid)
    avatars.add(avatar)
    let record = avatar.createdRecord(status: status(avatar))
    return Answer(options.avatarCreateShape == .array ? [record] : record, subject: avatar.id)
  }

  private func newAvatar(_ upload: AvatarUpload, _ uid: Int64) -> Avatar {
    let processingAt = now + .seconds(options.avatarQueueSeconds)
    let mark = options.avatarFailureMark
    return Avatar(
      id: ids.next(at: now), avatarID: upload.avatarID, uid: uid, origin: .user, type: upload.type,
      name: upload.name ?? upload.avatarID, url: upload.url,
      thumbnailURL: "https://simulated.example.com/thumbnail/\(upload.avatarID).webp", gender: "female", voiceID: nil,
      platform: "open",
      progress: AvatarProgress(
        processingAt: processingAt, doneAt: processingAt + .seconds(options.avatarProcessingSeconds),
        fails: !mark.isEmpty && upload.url.holds(mark)),
      createdAt: now)
  }

  private func avatarRecord(_ call: Call) throws(Refusal) -> Answer {
    let id = try call.required("id")
    guard let avatar = avatars.avatar(id: id), avatar.isVisible(to: call.uid) else { throw unknownAvatar() }
    return Answer([avatar.record(status: status(avatar))], subject: id)
  }

  private func avatarCatalogue(_ call: Call) throws(Refusal) -> Answer {
    let from = try call.integer("from", 2...3)
    let type = try call.integer("type", 1...2)
    let page = try Page(call, size: 1...Int.max, defaultSize: 100)
    let matches = avatars.visible(to: call.uid).filter { avatar in
      (from.map { avatar.origin.rawValue == $0 } ?? true) && (type.map { avatar.type == $0 } ?? true)
    }
    let entries = JSON.array(page.slice(of: matches).map(\.catalogueEntry))
    return Answer(options.avatarListShape == .wrapped ? ["result": entries] : entries)
  }

  private func streamingAvatars(_ call: Call) throws(Refusal) -> Answer {
    let platform = call.request.queryValue("platform").flatMap { $0.isEmpty ? nil : $0 } ?? "open"
    guard ["open", "aigc"].contains(platform) else { throw .parameter("platform is not valid") }
    let page = try Page(call, size: 1...100, defaultSize: 100)
    let matches = avatars.visible(to: call.uid).filter { isListed($0, on: platform) }
    let result = page.slice(of: matches).map { $0.streamingAvatar(available: isAvailable($0)) }
    return Answer(["count": .integer(Int64(matches.count)), "result": .array(result)])
  }

  private func isListed(_ avatar: Avatar, on platform: String) -> Bool {
    avatar.platform == platform && avatar.type == 2 && (options.unreadyAvatarsListed || status(avatar) == 3)
  }

  private func isAvailable(_ avatar: Avatar) -> Bool { !options.availableTellsOccupancy || !isOccupied(avatar) }

  private func streamingAvatar(_ call: Call) throws(Refusal) -> Answer {
    let id = try call.required("avatar_id")
    guard let avatar = avatars.avatar(avatarID: id), avatar.isVisible(to: call.uid), avatar.type == 2,
      let platform = avatar.platform
    else { throw unknownAvatar() }
    let available = options.avatarDetailHasAvailable ? isAvailable(avatar) : nil
    return Answer(avatar.streamingAvatar(available: available, platform: platform), subject: avatar.id)
  }
}
