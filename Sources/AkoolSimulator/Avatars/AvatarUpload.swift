internal import AkoolCore

/// The parameters of avatar/create.
struct AvatarUpload {
  let url: String
  let avatarID: String
  let name: String?
  let type: Int64

  init(_ fields: Fields, _ options: SimulatorOptions) throws(Refusal) {
    url = try fields.link("url")
    avatarID = try Self.avatarID(fields)
    name = options.avatarNameRequired ? try fields.requiredText("name") : try fields.text("name")
    type = try Self.oneOrTwo("type", fields, options)
    _ = try Self.oneOrTwo("url_from", fields, options)
  }

  /// Letters and digits only, though official ids have more.
  private static func avatarID(_ fields: Fields) throws(Refusal) -> String {
    let id = try fields.requiredText("avatar_id")
    let isValid = id.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
    guard isValid else { throw fields.wrong("avatar_id", "must match /^[a-zA-Z0-9]+$/") }
    return id
  }

  private static func oneOrTwo(
    _ name: String, _ fields: Fields, _ options: SimulatorOptions
  ) throws(Refusal) -> Int64 {
    if options.avatarTypeTextAccepted, let text = fields.value(name)?.string {
      guard text == "1" || text == "2" else { throw fields.wrong(name, "must be 1 or 2") }
      return text == "1" ? 1 : 2
    }
    guard let number = try fields.integer(name, 1...2) else { throw fields.wrong(name, "must not be empty") }
    return number
  }
}
