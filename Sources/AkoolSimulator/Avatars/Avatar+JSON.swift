internal import AkoolCore

extension Avatar {
  /// As avatar/create answers it.
  func createdRecord(status: Int64) -> JSON {
    [
      "_id": .string(id), "disabled": false, "uid": .integer(uid), "type": .integer(type),
      "from": .integer(origin.rawValue), "status": .integer(status), "sort": 0, "create_time": .integer(createdAt),
      "name": .string(name), "avatar_id": .string(avatarID), "url": .string(url), "modify_url": .string(url),
      "gender": .string(gender), "thumbnailUrl": .string(thumbnailURL), "crop_arr": [],
    ]
  }

  /// As the v3 detail has it.
  func record(status: Int64) -> JSON {
    [
      "_id": .string(id), "uid": .integer(uid), "type": .integer(type), "from": .integer(origin.rawValue),
      "status": .integer(status), "name": .string(name), "url": .string(url),
    ]
  }

  /// As the v3 list has it.
  var catalogueEntry: JSON {
    [
      "name": .string(name), "avatar_id": .string(avatarID), "url": .string(url), "gender": .string(gender),
      "thumbnailUrl": .string(thumbnailURL), "from": .integer(origin.rawValue),
    ]
  }

  /// As the v4 list has it, and with `platform` in place of `available` as the v4 detail has it.
  func streamingAvatar(available: Bool?, platform: String? = nil) -> JSON {
    var object = JSONObject([
      ("_id", .string(id)), ("uid", .integer(uid)), ("type", .integer(type)), ("from", .integer(origin.rawValue)),
      ("avatar_id", .string(avatarID)),
    ])
    object["voice_id"] = voiceID.map(JSON.string)
    object["name"] = .string(name)
    object["url"] = .string(url)
    object["thumbnailUrl"] = .string(thumbnailURL)
    object["gender"] = .string(gender)
    object["platform"] = platform.map(JSON.string)
    object["available"] = available.map(JSON.bool)
    return .object(object)
  }
}
