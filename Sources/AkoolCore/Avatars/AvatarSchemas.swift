/// What avatars look like in replies.
enum AvatarSchemas {
  static let states = ["queueing", "processing", "ready", "failed"]

  /// Members of every answer about an avatar.
  private static let common: [Field] = [
    .optional("from", .anyInteger, "2 official, 3 and 4 uploaded by a user."),
    .optional("name", .text, "The name."),
    .optional("url", .text, "The video."),
  ]

  private static let account: [Field] = [
    .optional("uid", .anyInteger, "The account."),
    .optional("type", .anyInteger, "2 streaming avatar, 1 talking avatar."),
  ]

  private static let looks: [Field] = [
    .optional("gender", .text, "male or female."), .optional("thumbnailUrl", .text, "A picture."),
  ]

  private static let id = Field.required("_id", .text, "The id of the record.")
  private static let avatarID = Field.required("avatar_id", .text, "The id that sessions take.")

  private static let state = Field.optional(
    "state", .string(StringRule(values: states)), "status in words, added by libakool.")

  private static let progress: [Field] = [
    .required("status", .anyInteger, "1 queueing, 2 processing, 3 ready, 4 failed."), state,
  ]

  /// An uploaded avatar, as it was just created.
  static let created = reply(
    [id, avatarID] + progress + common + account + looks + [
      .optional("disabled", .boolean, "True when AKOOL has taken it out of use."),
      .optional("sort", .anyInteger, "AKOOL's own order."),
      .optional("create_time", .anyInteger, "When it was made, in Unix milliseconds."),
      .optional("modify_url", .text, "The video as AKOOL has prepared it."),
      .optional("crop_arr", .array(of: .any), "How AKOOL has cut the video."),
    ])

  /// An uploaded avatar with its progress (v3).
  static let record = reply(
    [id] + progress + common + account + [
      .optional("avatar_id", .text, "The id that sessions take; not in AKOOL's sample.")
    ])

  /// An avatar that sessions can use (v4).
  static let streaming = reply([id, avatarID] + common + account + looks + ofStreaming)

  private static let ofStreaming: [Field] = [
    .optional(
      "status", .anyInteger, "1 queueing, 2 processing, 3 ready, 4 failed; not in AKOOL's samples by avatar_id."),
    state,
    .optional("voice_id", .any, "The avatar's own voice; absent or null without one."),
    .optional("available", .boolean, "False while it cannot be used; not in every answer."),
    .optional("platform", .text, "open or aigc; avatar.detail only."),
  ]

  /// The result of avatar.detail: by id a record, by avatar_id an avatar that sessions can use.
  static let detail = reply(
    [
      id, .optional("avatar_id", .text, "The id that sessions take."),
    ] + common + account + looks + ofStreaming)

  /// An entry of the general catalogue (v3), which has no record id.
  static let entry = reply([avatarID] + common + looks)

  private static func reply(_ fields: [Field]) -> Schema { .object(ObjectSchema(fields, isOpen: true)) }
}
