/// What avatars look like in replies.
enum AvatarSchemas {
  static let states = ["queueing", "processing", "ready", "failed"]

  static let record = Schema.object(
    ObjectSchema(
      [
        .optional("_id", .string(), "The id of the record."),
        .optional("avatar_id", .string(), "The id that sessions take."),
        .optional("status", .integer(), "1 queueing, 2 processing, 3 ready, 4 failed."),
        .optional("state", .string(StringRule(values: states)), "status in words, added by libakool."),
        .optional("type", .integer(), "2 streaming avatar, 1 talking avatar."),
        .optional("from", .integer(), "2 official, 3 uploaded by a user."),
        .optional("uid", .integer(), "The account."),
        .optional("name", .string(), "The name."),
        .optional("url", .string(), "The video."),
        .optional("voice_id", .any, "The avatar's own voice; may be absent."),
        .optional("available", .boolean, "Whether it can be used now; may be absent."),
        .optional("create_time", .integer(), "When it was made, in Unix milliseconds."),
      ], isOpen: true))
}
