/// Parameters of `voice.tts` and `voice.change`.
enum SpeechSchemas {
  /// The longest text that any plan allows, in characters.
  static let maximumText = 50_000
  /// The most voices in a mixture.
  static let maximumMixture = 4

  static let emotions = ["happy", "sad", "angry", "fearful", "disgusted", "surprised", "neutral"]
  static let normalizations = ["auto", "on", "off"]
  static let formats = ["mp3", "wav"]
  static let sampleRates: [Int64] = [8_000, 16_000, 22_050, 24_000, 32_000, 44_100]
  static let bitrates: [Int64] = [32_000, 64_000, 128_000, 256_000]
  static let soundEffects = ["spacious_echo", "auditorium_echo", "lofi_telephone", "robotic"]

  private static let share = Schema.number(minimum: 0, maximum: 1)
  private static let speed = Schema.number(minimum: 0.7, maximum: 1.2)
  private static let balance = Schema.integer(minimum: -100, maximum: 100)
  private static let semitones = Schema.integer(minimum: -12, maximum: 12)
  private static let format = Schema.string(StringRule(values: formats))

  // MARK: voice.tts

  static let speech: [Field] = [
    .required(
      "input_text", .string(StringRule(minimumLength: 1, maximumLength: maximumText)),
      "The text: at most 5000, 10000 or 50000 characters, by plan."),
    .required(
      "voice_id", .string(StringRule(maximumLength: 256)),
      "The voice, a voice_id of voice.list. Empty only with extra_options.timber_weights, which count only then."),
    .optional("voice_options", .object(manner), "How the voice speaks."),
    VoiceSchemas.webhook,
    .optional(
      "language_code", VoiceSchemas.languageCode,
      "Language of the text, a code of ISO 639-1: models 1, 3 and 4. Nothing is translated."),
    .optional(
      "pitch", semitones, "Pitch, 0 as recorded: model 3.",
      evidence: .documented("§3.2 (samples; the table has it in extra_options)")),
    .optional("extra_options", .object(extras), "Further settings, most of them of one model only."),
  ]

  private static let manner = ObjectSchema([
    .optional("stability", share, "Evenness of the voice: model 1."),
    .optional("similarity_boost", share, "Likeness to the original voice: model 1."),
    .optional("style", share, "Strength of the style: models 1 and 2."),
    .optional("speed", speed, "Speed of speech: models 1, 2 and 3."),
    .optional("speaker_boost", .boolean, "Whether the voice is brought nearer to the speaker's: model 1."),
    .optional(
      "emotion", .string(StringRule(values: emotions)), "Emotion, of Chinese voices only: models 2 and 3."),
    .optional("volume", .integer(minimum: 0, maximum: 100), "Volume: models 2 and 3."),
  ])

  private static let extras = ObjectSchema([
    .optional("previous_text", .text, "Text before this one, for a smooth transition: model 1."),
    .optional("next_text", .text, "Text after this one, for a smooth transition: model 1."),
    .optional(
      "apply_text_normalization", .string(StringRule(values: normalizations)),
      "Whether numbers and the like are spelt out: model 1."),
    .optional(
      "apply_language_text_normalization", .boolean,
      "Whether the text is prepared for its language, which takes much longer: model 1, Japanese only.",
      default: false),
    .optional(
      "latex_read", .boolean, "Whether LaTeX formulas between $$ are read out: model 3.", default: false),
    .optional(
      "text_normalization", .boolean, "Whether Chinese and English numbers are spelt out: model 3.", default: false),
    .optional("audio_setting", .object(audio), "Format of the recording: model 3."),
    .optional(
      "timber_weights", .array(of: .object(timbre), maximumCount: maximumMixture),
      "Voices to mix, in place of voice_id: model 3."),
    .optional("pronunciation_dict", .object(pronunciation), "Rules of pronunciation: model 3."),
    .optional("voice_modify", .object(effects), "Changes of the voice: model 3."),
    .optional(
      "subtitle_enable", .boolean, "Whether subtitles are made, where nothing is streamed: model 3.", default: false),
    .optional("pitch", semitones, "Pitch, 0 as recorded: model 3."),
  ])

  private static let audio = ObjectSchema([
    .optional("sample_rate", .integers(of: sampleRates), "Samples per second.", default: 32_000),
    .optional("bitrate", .integers(of: bitrates), "Bits per second, of mp3 only.", default: 128_000),
    .optional("format", format, "File format; wav where nothing is streamed.", default: "mp3"),
    .optional("channel", .integer(minimum: 1, maximum: 2), "1 mono, 2 stereo.", default: 1),
  ])

  private static let timbre = ObjectSchema([
    .required("voice_id", VoiceSchemas.id, "The voice, a voice_id of voice.list."),
    .required("weight", .integer(minimum: 1, maximum: 100), "Its share in the mixture."),
  ])

  private static let pronunciation = ObjectSchema([
    .optional("tone", VoiceSchemas.texts, "Rules as omg/oh my god or 燕少飞/(yan4)(shao3)(fei1).")
  ])

  private static let effects = ObjectSchema([
    .optional("pitch", balance, "From deep to bright."),
    .optional("intensity", balance, "From powerful to soft."),
    .optional("timbre", balance, "From full to crisp."),
    .optional("sound_effects", .string(StringRule(values: soundEffects)), "An effect."),
  ])

  /// Checks the choice between a voice and a mixture.
  @Sendable static func checkVoice(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    guard parameters["voice_id"] == "", parameters["extra_options"]?["timber_weights"]?[0] == nil else { return }
    validator.report("voice_id", "must not be empty without extra_options.timber_weights")
  }

  // MARK: voice.change

  static let change: [Field] = [
    .required("voice_id", VoiceSchemas.id, "The voice, a voice_id of voice.list; of Akool Multilingual 1 only."),
    .required(
      "source_voice_file", .string(StringRule(form: .url)), "Where AKOOL fetches the recording, at most 50 MB."),
    .optional("voice_options", .object(changing), "How the voice speaks, and how the recording is used."),
    VoiceSchemas.webhook,
    .optional("voice_model_name", .string(StringRule(values: ["Akool Multilingual 1"])), "The model."),
  ]

  private static let changing = ObjectSchema([
    .optional("stability", share, "Evenness of the voice."),
    .optional("similarity_boost", share, "Likeness to the original voice."),
    .optional("style", share, "Strength of the style."),
    .optional("speaker_boost", .boolean, "Whether the voice is brought nearer to the speaker's."),
    .optional("file_format", format, "File format.", default: "mp3"),
    .optional(
      "remove_background_noise", .boolean, "Whether noise is taken out of the recording first.", default: false),
    .optional("speed", speed, "Speed of speech.", default: 1),
  ])
}
