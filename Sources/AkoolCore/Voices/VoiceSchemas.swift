/// What voices look like in requests and replies.
enum VoiceSchemas {
  static let states = ["queueing", "processing", "ready", "failed"]
  static let id = Schema.string(StringRule(minimumLength: 1, maximumLength: 256))
  static let models = ["Akool Multilingual 1", "Akool Multilingual 3", "Akool Multilingual 4"]
  /// The longest text that any plan allows to be spoken, in characters.
  static let maximumText = 50_000

  static let texts = Schema.array(of: .string())

  /// `1` or `2`, as the text of AKOOL's documents or as a number.
  static let kind = Schema.either([.string(StringRule(values: ["1", "2"])), .integer(minimum: 1, maximum: 2)])

  // MARK: Requests

  static let filters: [Field] = [
    .required("type", kind, "1 voices you cloned, 2 AKOOL's."),
    .optional("style", .string(), "Only these styles, separated by commas."),
    .optional("gender", .string(), "Only these genders, separated by commas."),
    .optional("age", .string(), "Only these ages, separated by commas."),
    .optional("scenario", .string(), "Only these scenarios, separated by commas."),
    .optional("name", .string(), "Only voices whose name is like this text."),
    .optional("support_stream", .integer(minimum: 1, maximum: 2), "1 voices that can stream, 2 those that cannot."),
  ]

  static let cloning: [Field] = [
    .required(
      "source_voice_file", .string(StringRule(form: .url)),
      "Where AKOOL fetches the recording: mp3, mp4, wav …, at most 30 MB."),
    .optional("name", .string(), "The voice's name."),
    .optional(
      "voice_model_name", .string(StringRule(values: models)),
      "The model; voices of Akool Multilingual 1 and 3 can stream."),
    .optional("webhookUrl", .string(), "Where AKOOL reports the end: see webhook.verify."),
    .optional("voice_options", .object(cloningOptions), "What the voice is like, and how the recording is used."),
  ]

  private static let cloningOptions = ObjectSchema([
    .optional("style", texts, "Styles."),
    .optional("gender", texts, "Genders."),
    .optional("age", texts, "Ages."),
    .optional("scenario", texts, "Scenarios."),
    .optional(
      "remove_background_noise", .boolean, "Whether noise is taken out of the recording first.", default: false),
    .optional("language", .string(), "The language of the recording.", default: "en"),
    .optional(
      "clone_prompt", .string(), "What guides the cloning; the recording then is mp3 or wav, below 8 s and 20 MB."),
    .optional("need_volume_normalization", .boolean, "Whether the loudness is evened out.", default: false),
  ])

  // MARK: Replies

  static let voice = Schema.object(
    ObjectSchema(
      [
        .optional("_id", .string(), "The id of the record; detail and delete take it."),
        .optional("voice_id", .any, "The id that sessions take; null until the voice is ready."),
        .optional("status", .integer(), "1 queueing, 2 processing, 3 ready, 4 failed."),
        .optional("state", .string(StringRule(values: states)), "status in words, added by libakool."),
        .optional("name", .string(), "The name."),
        .optional("gender", .string(), "The gender."),
        .optional("language", .string(), "The language, in words."),
        .optional("locale", .string(), "The language's code."),
        .optional(
          "support_stream", .boolean, "Whether sessions can use it; true or false also where AKOOL said 1 or 2."),
        .optional("voice_model_name", .string(), "The model."),
        .optional("preview", .any, "A recording of it; null until there is one."),
        .optional("create_time", .integer(), "When it was made, in Unix milliseconds."),
      ], isOpen: true))

  static let speech = Schema.object(
    ObjectSchema(
      [
        .optional("_id", .string(), "The id of the record; voice.resource_detail takes it."),
        .optional("status", .integer(), "1 queueing, 2 processing, 3 ready, 4 failed."),
        .optional("state", .string(StringRule(values: states)), "status in words, added by libakool."),
        .generated("preview", .any, "Where the recording is, for seven days; null until it is ready."),
      ], isOpen: true))

  static let deletion = Schema.object(
    ObjectSchema(
      [
        .optional("successIds", texts, "The records that were deleted."),
        .optional("noPermissionVoices", .array(of: .any), "Those that were not: _id, and why as msg."),
      ], isOpen: true))
}
