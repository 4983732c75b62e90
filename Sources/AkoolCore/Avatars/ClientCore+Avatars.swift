extension ClientCore {
  // MARK: avatar.create

  func createAvatar(_ given: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    let parameters = Self.completed(given)
    do throws(AkoolError) {
      let envelope = try await service.send(AvatarOperations.creation.request(parameters, .safe), call)
      return .object(try AvatarNormaliser.record(envelope.data, AvatarOperations.recordDetail))
    } catch {
      // An earlier attempt, whose reply was lost, has made it.
      guard error.akoolCode == 1222, call.hasLostReply, let avatarID = parameters["avatar_id"]?.string else {
        throw error
      }
      return .object(try await avatar(named: avatarID, call))
    }
  }

  private static func completed(_ given: JSONObject) -> JSONObject {
    var parameters = given
    if parameters["name"] == nil { parameters["name"] = given["avatar_id"] }
    if parameters["type"] == nil { parameters["type"] = 2 }
    if parameters["url_from"] == nil { parameters["url_from"] = isVideoPage(given["url"]?.string ?? "") ? 2 : 1 }
    return parameters
  }

  /// Pages of the four sites that AKOOL fetches videos from.
  private static func isVideoPage(_ url: String) -> Bool {
    let sites = ["youtube.com", "youtu.be", "tiktok.com", "x.com", "twitter.com", "drive.google.com"]
    guard let host = URLParts(url)?.host else { return false }
    return sites.contains { host == $0 || host.hasSuffix("." + $0) }
  }

  /// The record of an avatar_id: the streaming detail knows its `_id`, the record its state.
  private func avatar(named avatarID: String, _ call: CallContext) async throws(AkoolError) -> JSONObject {
    let found = try await service.send(
      AvatarOperations.streamingDetail.request(["avatar_id": .string(avatarID)], .safe), call)
    let avatar = try AvatarNormaliser.record(found.data, AvatarOperations.streamingDetail)
    guard let id = avatar["_id"]?.string else {
      throw ReplyFaults.missing("avatar with an _id", AvatarOperations.streamingDetail, found.data)
    }
    return try await avatarRecord(id, call)
  }

  private func avatarRecord(_ id: String, _ call: CallContext) async throws(AkoolError) -> JSONObject {
    let envelope = try await service.send(AvatarOperations.recordDetail.request(["id": .string(id)], .safe), call)
    return try AvatarNormaliser.record(envelope.data, AvatarOperations.recordDetail)
  }

  // MARK: avatar.wait

  func waitForAvatar(_ parameters: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    var avatar: JSONObject
    if let id = parameters["id"]?.string {
      avatar = try await avatarRecord(id, call)
    } else {
      avatar = try await self.avatar(named: parameters["avatar_id"]?.string ?? "", call)
    }
    guard let id = avatar["_id"]?.string ?? parameters["id"]?.string else {
      throw ReplyFaults.missing("record with an _id", AvatarOperations.recordDetail, .object(avatar))
    }
    var pace = PollingPace(configuration.polling)
    var lastStatus: Int64?
    while true {
      let status = Normaliser.number(avatar["status"])
      if status != lastStatus {
        announce(avatar, id, call)
        pace.restart()
        lastStatus = status
      }
      if status == 3 { return .object(avatar) }
      if status == 4 { throw Self.processingFailed(avatar, id) }
      avatar = try await nextLook(at: avatar, id, after: pace.next(), call)
    }
  }

  private func announce(_ avatar: JSONObject, _ id: String, _ call: CallContext) {
    var event: JSONObject = ["id": .string(id)]
    for key in ["avatar_id", "name", "status", "state"] { event[key] = avatar[key] }
    event["tag"] = call.options.tag.map(JSON.string)
    mailbox.post(Event(.avatarStateChanged, event, importance: .state(subject: id)))
  }

  private func nextLook(
    at avatar: JSONObject, _ id: String, after delay: Int64, _ call: CallContext
  ) async throws(AkoolError) -> JSONObject {
    do throws(AkoolError) {
      do throws(Interruption) { try await call.scope.sleep(milliseconds: delay) } catch {
        let state = avatar["state"]?.string ?? "in an unknown state"
        throw self.error(error, call, during: "waiting for avatar \(id), which is \(state)")
      }
      return try await avatarRecord(id, call)
    } catch {
      throw Self.resumable(error)
    }
  }

  /// Ending the waiting does not end the processing.
  private static func resumable(_ error: AkoolError) -> AkoolError {
    guard [.timeout, .cancelled, .shuttingDown].contains(error.code) else { return error }
    var error = error
    error.hint = "The avatar is processed all the same: call avatar.wait again, from any process."
    return error
  }

  private static func processingFailed(_ avatar: JSONObject, _ id: String) -> AkoolError {
    AkoolError(
      .remoteFailed, "AKOOL could not make avatar \(id) of the video",
      hint:
        "Use about a minute of clear video of one person whose head moves little, at an address that anybody can fetch.",
      details: .object(avatar))
  }
}

/// How long to wait between two looks: short while something changes, longer when nothing does.
struct PollingPace {
  private let settings: PollingSettings
  private var delay: Int64

  init(_ settings: PollingSettings) {
    self.settings = settings
    delay = settings.initial
  }

  mutating func restart() { delay = settings.initial }

  mutating func next() -> Int64 {
    defer { delay = min(settings.maximum, delay + delay / 2 + 1) }
    return delay
  }
}
