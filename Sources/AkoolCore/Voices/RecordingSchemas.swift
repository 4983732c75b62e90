/// Shapes of recordings in replies: those just ordered, and the records that lists and details have.
enum RecordingSchemas {
  /// A recording of `voice.tts`.
  static let speech = object(
    common + ordered + [
      inputText(isRequired: true),
      .required(
        "voice_options",
        .object(
          ObjectSchema(
            manner + [
              .required("speed", .number(), "Speed of speech."),
              .required("emotion", .text, "Emotion."),
              .required("volume", .anyInteger, "Volume, from 0 to 100."),
            ], isOpen: true)), "How the voice speaks."),
    ])

  /// A recording of `voice.change`.
  static let change = object(
    common + ordered + [
      .required("source_voice_file", .text, "URL of the recording that was given."),
      .required("voice_options", .object(ObjectSchema(manner, isOpen: true)), "How the voice speaks."),
    ])

  /// A record of `voice.resource_list`.
  static let listed = object(common + kept + [inputText(isRequired: false)])

  /// The record of `voice.resource_detail`.
  static let detailed = object(
    common + kept + [
      inputText(isRequired: false),
      .optional("language_code", .text, "Language of the text."),
      .required("priority", .anyInteger, "Priority of the work."),
    ])

  private static func object(_ fields: [Field]) -> Schema { .object(ObjectSchema(fields, isOpen: true)) }

  private static let common: [Field] = [
    .required("_id", .text, "The id of the record; voice.resource_detail takes it."),
    .required("status", .anyInteger, "1 queueing, 2 processing, 3 ready, 4 failed."),
    .optional("state", .string(StringRule(values: VoiceSchemas.states)), "status in words, added by libakool."),
    .generated(
      "preview", .any, "Where the recording is, for seven days; null until it is ready.", isRequired: true),
    .required("name", .text, "Name that AKOOL gave it."),
    .required("file_name", .text, "Name of the file."),
    .required("duration", .anyInteger, "Length, in milliseconds; 0 until it is known."),
    .required("gender", .text, "The voice's gender."),
    .required("uid", .anyInteger, "The account."),
    .required("team_id", .text, "The team."),
    .required("create_time", .anyInteger, "When it was ordered, in Unix milliseconds."),
    .required("deduction_credit", .number(), "Credits that it cost."),
    .required("webhookUrl", .text, "URL that AKOOL calls at the end; empty for none."),
  ]

  /// Members that only the replies to orders have.
  private static let ordered: [Field] = [
    .required("voice_id", .text, "The voice."),
    .required("voice_model_id", .text, "The _id of the voice's record."),
  ]

  /// Members that only the records have.
  private static let kept: [Field] = [
    .required("rate", .text, "Rate, as 100%."),
    .required("update_time", .anyInteger, "Time of the last change, in Unix milliseconds; 0 for none."),
    .required("__v", .anyInteger, "Version of the record."),
  ]

  private static let manner: [Field] = [
    .required("stability", .number(), "Evenness of the voice, from 0 to 1."),
    .required("similarity_boost", .number(), "Likeness to the original voice, from 0 to 1."),
    .required("style", .number(), "Strength of the style, from 0 to 1."),
    .required("speaker_boost", .boolean, "Whether the voice is brought nearer to the speaker's."),
  ]

  /// The text, which recordings of `voice.change` lack.
  private static func inputText(isRequired: Bool) -> Field {
    Field("input_text", .text, "The text, of voice.tts.", isRequired: isRequired)
  }
}
