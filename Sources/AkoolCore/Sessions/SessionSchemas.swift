/// What sessions look like in requests and replies.
enum SessionSchemas {
  static let states = ["queueing", "processing", "ended", "failed"]
  static let streamTypes = ["agora", "livekit", "trtc"]
  /// The longest session, in seconds.
  static let maximumDuration = 3600
  /// The longest session that libakool can count, in seconds.
  private static let longestDuration: Double = 1_000_000_000
  /// What a session lasts when nothing else is said, in seconds. AKOOL's own default is not documented.
  static let defaultDuration: Int64 = 600

  private static let text = Schema.string(StringRule(minimumLength: 1))

  // MARK: Requests

  static let creation: [Field] =
    [
      .required("avatar_id", text, "The avatar: an official one, or an uploaded one that is ready."),
      .own(
        "duration", .number(above: 0, maximum: Double(maximumDuration)),
        "How long the session may last, in seconds. All of it is charged up front, the unused part refunded when it ends.",
        default: .integer(defaultDuration), within: .number(above: 0, maximum: longestDuration)),
      .optional(
        "knowledge_id", .string(StringRule(form: .objectID, isOptional: true)),
        "The knowledge base the avatar answers from: 24 hexadecimal digits."),
      .optional(
        "voice_id", .text,
        "A voice of the voice list that can stream, or an ElevenLabs voice with elevenlabs_settings."),
      .optional("voice_url", .text, "A custom voice model."),
      .optional("language", .text, "The language of the answers, a lang_code of language.list."),
      .optional("mode_type", .integer(minimum: 1, maximum: 2), "1 says exactly what it is given, 2 holds a dialogue."),
      .optional(
        "scene_mode", .string(StringRule(values: ["fast_dialogue", "meeting"], isOptional: true)),
        "fast_dialogue: low latency, voice input only. meeting: the caller supplies the speech.",
        evidence: .observed("§2.6 (meeting is in AKOOL's client code only)")),
      .optional(
        "e2e_type", .string(StringRule(values: ["openai"], isOptional: true)), "Only with scene_mode fast_dialogue."),
      .optional("background_url", .text, "A picture or video behind the avatar; some avatars ignore it."),
      .optional("voice_params", .object(voiceParameters), "How the avatar listens and speaks."),
      .optional(
        "stream_type", .string(StringRule(values: streamTypes, isOptional: true)),
        "Whose room: agora, livekit or trtc.",
        default: "agora"),
      .optional("credentials", .object(ownRoom), "Bring your own room: the avatar's seat in it, not the visitor's."),
      .optional("webhookUrl", .text, "Left over in AKOOL's samples.", evidence: .observed("§2.6")),
    ] + own

  /// What libakool keeps to itself.
  private static let own: [Field] = [
    .own(
      "slot_wait_ms", milliseconds,
      "How long to wait for a slot when limits.open_sessions are open, in milliseconds; first come, first served.",
      default: 0),
    .own(
      "busy_wait_ms", milliseconds,
      "How long to try again while the avatar serves another session or is being processed, in milliseconds.",
      default: 0),
    .own(
      "heartbeat_timeout_ms", .integer(minimum: 1_000, maximum: 86_400_000),
      "The session is closed, as abandoned, when no session.heartbeat has come for so long, in milliseconds."),
  ]

  private static let milliseconds = Schema.integer(minimum: 0, maximum: 86_400_000)
  private static let padding = Schema.integer(minimum: 0, maximum: 3_600_000)

  /// Both forms together; which fields go with which scene is checked by `SessionCreationRules`.
  static let voiceParameters = ObjectSchema([
    .optional("speed", .number(minimum: 0.8, maximum: 1.2), "The speed of speech.", default: 1.0),
    .optional("pron_map", .map(of: .text), "How words are to be pronounced."),
    .optional("stt_language", .text, "The language of speech recognition."),
    .optional(
      "stt_type", .string(StringRule(values: ["openai_realtime"], isOptional: true)), "The speech recognition."),
    .optional("turn_detection", .object(turnDetection), "How the end of a visitor's speech is found."),
    .optional("elevenlabs_settings", .object(elevenLabs), "An ElevenLabs voice."),
    .optional("minimax_settings", .object(miniMax), "A MiniMax voice.", evidence: .observed("§2.6 (newest YAML only)")),
    .optional("voice_id", .string(StringRule(values: fastVoices)), "The voice, with scene_mode fast_dialogue only."),
  ])

  static let fastVoices = ["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"]

  static let turnDetection = ObjectSchema([
    .optional(
      "type", .string(StringRule(values: ["server_vad", "semantic_vad"])), "The kind of detection.",
      default: "server_vad"),
    .optional("threshold", .number(minimum: 0, maximum: 1), "How loud speech must be; server_vad only.", default: 0.5),
    .optional(
      "prefix_padding_ms", padding, "Sound kept from before the speech, in milliseconds; server_vad only.",
      default: 300),
    .optional(
      "silence_duration_ms", padding, "Silence that ends the speech, in milliseconds; server_vad only.",
      default: 500),
  ])

  private static let share = Schema.number(minimum: 0, maximum: 1)

  private static let elevenLabs = ObjectSchema([
    .secret("api_key", "Your key at ElevenLabs.", canBeEmpty: true),
    .optional("model_id", .text, "The model, as eleven_flash_v2_5."),
    .optional("stability", share, "From 0 to 1."),
    .optional("similarity_boost", share, "From 0 to 1."),
    .optional("style", share, "From 0 to 1."),
    .optional("use_speaker_boost", .boolean, "Whether the voice is brought nearer to the speaker's."),
  ])

  private static let miniMax = ObjectSchema([
    .secret("api_key", "Your key at MiniMax.", canBeEmpty: true),
    .optional("model", .text, "The model, as speech-2.8-turbo."),
    .optional("language_boost", .text, "The language, or auto."),
    .optional(
      "voice_setting",
      .object(
        ObjectSchema([
          .optional("voice_id", .text, "The voice."), .optional("speed", .number(), "The speed."),
          .optional("vol", .number(), "The volume."), .optional("pitch", .number(), "The pitch."),
          .optional("emotion", .text, "The emotion, as angry."),
        ])), "The voice and its manner."),
  ])

  /// AKOOL's own clients send both.
  private static let number = Schema.either([.number(), .string(StringRule(minimumLength: 1, maximumLength: 32))])

  static let ownRoom = ObjectSchema([
    .optional("agora_uid", number, "agora: the avatar's user id, a number, also as text."),
    .optional("agora_app_id", .text, "agora: the app."),
    .optional("agora_channel", .text, "agora: the channel."),
    .secret("agora_token", "agora: the avatar's token."),
    .optional("livekit_url", .text, "livekit: the server, wss://…"),
    .secret("livekit_token", "livekit: the avatar's token."),
    .optional("livekit_room_name", .text, "livekit: the room."),
    .optional("livekit_server_identity", .text, "livekit: the avatar's identity."),
    .optional("livekit_client_identity", .text, "livekit: the visitor's identity."),
    .optional(
      "audio_only_from_data_stream", .boolean, "livekit: where speech comes from.", evidence: .observed("§2.6")),
    .optional(
      "audio_input_source", .string(StringRule(values: ["data_stream", "audio_track"])),
      "livekit: where speech comes from.", evidence: .observed("§2.6")),
    .optional("audio_publisher_identity", .text, "livekit: who publishes the speech.", evidence: .observed("§2.6")),
    .optional("trtc_sdk_app_id", number, "trtc: the application, a number, also as text."),
    .optional("trtc_sdk_room_id", .text, "trtc: the room."),
    .optional("trtc_sdk_user_id", .text, "trtc: the avatar's user id."),
    .secret("trtc_sdk_user_sig", "trtc: the avatar's signature."),
  ])

  // MARK: Replies

  static let session = Schema.object(ObjectSchema(sessionFields, isOpen: true))

  private static let sessionFields: [Field] = [
    .required("_id", .text, "The id of the session."),
    .optional("uid", .anyInteger, "The account."),
    .optional("type", .anyInteger, "1 in all that was seen; its meaning is not documented."),
    .optional("status", .anyInteger, "1 queueing, 2 processing, 3 over, 4 failed."),
    .optional(
      "state", .string(StringRule(values: states)),
      "status in words, added by libakool. Never wait for ended before joining."),
    .optional("stream_type", .string(StringRule(values: streamTypes)), "Whose room it is."),
    .optional("credentials", .object(room), "The room, with a token when it was just created."),
  ]

  /// Those of the session's stream_type are there.
  private static let room = ObjectSchema(
    [
      .optional("agora_uid", .any, "agora: the visitor's user id, a number."),
      .optional("agora_app_id", .text, "agora: the app."),
      .optional("agora_channel", .text, "agora: the channel."),
      .optional("agora_token", .text, "agora: the token, good for joining for five minutes."),
      .optional("livekit_url", .text, "livekit: the server."),
      .optional("livekit_token", .text, "livekit: the token; its exp says until when it admits."),
      .optional("livekit_room_name", .text, "livekit: the room."),
      .optional("livekit_client_identity", .text, "livekit: the visitor's identity."),
      .optional("livekit_server_identity", .text, "livekit: the avatar's identity."),
      .optional("trtc_app_id", .any, "trtc: the application, a number."),
      .optional("trtc_room_id", .text, "trtc: the room, a text (strRoomId)."),
      .optional("trtc_user_id", .text, "trtc: the visitor's user id."),
      .optional("trtc_user_sig", .text, "trtc: the signature that admits."),
    ], isOpen: true)

  static let created = Schema.object(
    ObjectSchema(
      sessionFields + [
        .required(
          "expires_at", .anyInteger,
          "When the session ends by itself, in Unix milliseconds of the server's clock; added by libakool."),
        .optional(
          "credentials_seat", .text, "avatar, when the room is your own: those credentials are not the visitor's."),
        .required(
          "join", .object(join), "What the visitor's client needs, and nothing else; safe to hand to a browser."),
      ], isOpen: true))

  static let join = ObjectSchema([
    .required("transport", .string(StringRule(values: streamTypes)), "Which RTC SDK joins."),
    .optional("app_id", .any, "agora, trtc: the application."),
    .optional("url", .text, "livekit: the server."),
    .optional("room", .text, "The room or channel."),
    .optional("token", .text, "The token or signature for joining."),
    .optional("user_id", .any, "The visitor's user id or identity."),
    .optional(
      "join_before", .anyInteger, "Until when the token admits, in Unix milliseconds; absent where it cannot be known."),
    .optional("expires_at", .anyInteger, "When the session ends by itself, in Unix milliseconds."),
  ])
}
