/// Shapes of voices in requests and replies.
enum VoiceSchemas {
  static let states = ["queueing", "processing", "ready", "failed"]
  static let id = Schema.string(StringRule(minimumLength: 1, maximumLength: 256))
  static let models = ["Akool Multilingual 1", "Akool Multilingual 3", "Akool Multilingual 4"]

  static let texts = Schema.array(of: .text)

  /// A language code of ISO 639-1: two letters.
  static let languageCode = Schema.string(StringRule(minimumLength: 2, maximumLength: 2))

  /// `1` or `2`, as the text of AKOOL's documents or as a number.
  static let kind = Schema.either([.string(StringRule(values: ["1", "2"])), .integer(minimum: 1, maximum: 2)])

  /// The URL for a webhook; AKOOL's samples send an empty text for none.
  static let webhook = Field.optional(
    "webhookUrl", .string(StringRule(form: .url, isOptional: true)),
    "URL that AKOOL calls at the end: see webhook.verify. Empty for none.")

  // MARK: Requests

  static let filters: [Field] = [
    .required("type", kind, "1 voices you cloned, 2 AKOOL's."),
    .optional("style", .text, "Only these styles, separated by commas, as Calm,Authoritative."),
    .optional("gender", .text, "Only these genders, separated by commas, as Male,Female."),
    .optional("age", .text, "Only these ages, separated by commas, as Young,Middle,Elderly."),
    .optional("scenario", .text, "Only these scenarios, separated by commas, as Advertisement,Education."),
    .optional("name", .text, "Only voices whose name is like this text."),
    .optional("support_stream", .integer(minimum: 1, maximum: 2), "1 voices that can stream, 2 those that cannot."),
  ]

  static let cloning: [Field] = [
    .required(
      "source_voice_file", .string(StringRule(form: .url)),
      "Where AKOOL fetches the recording: mp3, mp4, wav …, at most 30 MB."),
    .optional("name", .text, "The voice's name."),
    .optional(
      "text", .text, "Text of the preview.", evidence: .documented("§3.2 (July 2025 only, required there)")),
    .optional(
      "voice_model_name", .string(StringRule(values: models)),
      "The model; voices of Akool Multilingual 1 and 3 can stream."),
    webhook,
    .optional("voice_options", .object(cloningOptions), "What the voice is like, and how the recording is used."),
  ]

  private static let cloningOptions = ObjectSchema([
    .optional("style", texts, "Styles, as Authoritative or Calm."),
    .optional("gender", texts, "Genders, as Male or Female."),
    .optional("age", texts, "Ages, as Young, Middle or Elderly."),
    .optional("scenario", texts, "Scenarios, as Advertisement or Education."),
    .optional(
      "remove_background_noise", .boolean, "Whether noise is taken out of the recording first.", default: false),
    .optional("language", languageCode, "Language of the recording, a code of ISO 639-1.", default: "en"),
    .optional(
      "clone_prompt", .text,
      "Exact words of the recording, for a closer likeness; the recording then is mp3 or wav, below 8 s and 20 MB."),
    .optional("need_volume_normalization", .boolean, "Whether the loudness is evened out.", default: false),
  ])

  // MARK: Replies

  /// A voice of `voice.list` and `voice.detail`.
  static let voice = Schema.object(
    ObjectSchema(
      common + [
        .required("language", .text, "The language, in words."),
        .required("locale", .text, "The language's code."),
        .required(
          "support_stream", .boolean, "Whether sessions can use it; true or false also where AKOOL said 1 or 2."),
        .required("voice_model_name", .text, "The model."),
        .optional(
          "update_time", .anyInteger, "Time of the last change, in Unix milliseconds; AKOOL's samples lack it."),
      ], isOpen: true))

  /// A voice of `voice.clone`.
  static let clone = Schema.object(
    ObjectSchema(
      common + [.required("source_voice_file", .text, "URL of the recording that was given.")], isOpen: true))

  private static let common: [Field] = [
    .required("_id", .text, "The id of the record; detail and delete take it."),
    .required("voice_id", .any, "The id that sessions take; null until the voice is ready."),
    .required("status", .anyInteger, "1 queueing, 2 processing, 3 ready, 4 failed."),
    .optional("state", .string(StringRule(values: states)), "status in words, added by libakool."),
    .required("name", .text, "The name."),
    .required("gender", .text, "The gender."),
    .required("preview", .any, "A recording of it; null until there is one."),
    .required("text", .text, "Text of the preview."),
    .required("duration", .number(), "Length of the recording, in milliseconds."),
    .required("style", texts, "Styles."),
    .required("scenario", texts, "Scenarios."),
    .required("age", texts, "Ages."),
    .required("uid", .anyInteger, "The account."),
    .required("team_id", .text, "The team."),
    .required("create_time", .anyInteger, "When it was made, in Unix milliseconds."),
    .required("deduction_credit", .number(), "Credits that it cost."),
    .required("webhookUrl", .text, "URL that AKOOL calls at the end; empty for none."),
  ]

  /// A voice of `voice.list_v3`.
  static let oldVoice = Schema.object(
    ObjectSchema(
      [
        .required("_id", .text, "The id of the record."),
        .required("voice_id", .text, "The id that sessions take."),
        .required("name", .text, "The name."),
        .required("gender", .text, "The gender."),
        .required("accent", .text, "The accent, as american."),
        .required("description", .text, "The manner of speaking, as whisper."),
        .required("useCase", .text, "The scenario, as audiobook."),
        .required("preview", .text, "A recording of it."),
        .required("from", .anyInteger, "3 AKOOL's, 4 yours."),
        .required("type", .anyInteger, "Kind of voice, which AKOOL does not explain."),
        .required("uid", .anyInteger, "The account."),
        .required("create_time", .anyInteger, "When it was made, in Unix milliseconds."),
        .required("__v", .anyInteger, "Version of the record."),
      ], isOpen: true))

  static let deletion = Schema.object(
    ObjectSchema(
      [
        .required("successIds", texts, "The records that were deleted."),
        .required("noPermissionVoices", .array(of: refusal), "The records that were not."),
      ], isOpen: true))

  private static let refusal = Schema.object(
    ObjectSchema(
      [
        .required("_id", .text, "The id of the record."),
        .required("msg", .text, "Why it was not deleted."),
      ], isOpen: true))
}
