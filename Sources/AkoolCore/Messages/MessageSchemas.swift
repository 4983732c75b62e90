/// What is said in a room, and what is reported of it.
enum MessageSchemas {
  static let types = ["chat", "set-params", "interrupt", "set-action"]
  private static let stream = Field.optional(
    "stream", .string(StringRule(minimumLength: 1, maximumLength: 128)),
    "A name for the conversation, such as the session's _id: what belongs to one is remembered under it.")

  static let encoding: [Field] = [
    .required("transport", .string(StringRule(values: ["agora", "livekit", "trtc"])), "Whose room it is."),
    .required(
      "type", .string(StringRule(values: types)),
      "chat: a text for the avatar to answer, or in mode 1 to say. set-params: other settings. interrupt: be silent. "
        + "set-action: a gesture."),
    .optional(
      "text", .string(StringRule(minimumLength: 1, maximumLength: 200_000)), "The text of a chat, of any length."),
    .optional("data", .object(data), "The settings of set-params, the gesture of set-action."),
    stream,
    .optional(
      "mid", .string(StringRule(minimumLength: 1, maximumLength: 128)),
      "The message's id. Without one it gets msg- and the Unix time in milliseconds, never the same twice."),
    .optional("limits", .object(limits), "What the transport takes, where it is not the usual."),
    .optional(
      "ack_timeout_ms", .integer(minimum: 1, maximum: 3_600_000),
      "When message.decode reports that a command was not acknowledged, in milliseconds.", default: 10_000),
  ]

  private static let limits = ObjectSchema([
    .optional(
      "max_bytes", .integer(minimum: 100, maximum: 65_536),
      "The largest frame: 950 for agora, 960 for livekit and trtc; livekit itself takes 15360."),
    .optional(
      "bytes_per_second", .integer(minimum: 0, maximum: 1_000_000_000),
      "0 for no limit: 6000 for agora, 5760 for livekit, 7680 for trtc."),
    .optional(
      "calls_per_second", .integer(minimum: 0, maximum: 1_000_000),
      "Frames per second, 0 for no limit: 30 for trtc, else 0."),
  ])

  /// AKOOL's names here are not those of session.create.
  private static let data = ObjectSchema([
    .optional("vid", .text, "The voice; deprecated by AKOOL for vparams.vid."),
    .optional("vurl", .text, "A voice model; deprecated by AKOOL for vparams.vurl."),
    .optional("lang", .text, "The language of the answers."),
    .optional("mode", .integer(minimum: 1, maximum: 2), "1 says exactly what it is given, 2 holds a dialogue."),
    .optional("bgurl", .text, "A picture or video behind the avatar."),
    .optional("vparams", .object(voice), "How the avatar listens and speaks."),
    .optional(
      "action",
      .string(
        StringRule(values: [
          "hand_wave", "cheer", "thumbs_up", "pump_fists", "nod", "shake", "waft_left", "waft_right",
        ])), "A gesture.", evidence: .documented("§6.4 (a sample only)")),
    .optional(
      "expression",
      .string(StringRule(values: ["angry", "disgust", "fear", "happiness", "sadness", "surprise", "contempt"])),
      "A face.", evidence: .documented("§6.4 (a sample only)")),
  ])

  private static let voice = ObjectSchema([
    .optional("vid", .text, "The voice."),
    .optional("vurl", .text, "A voice model."),
    .optional("speed", .number(minimum: 0.8, maximum: 1.2), "The speed of speech.", default: 1),
    .optional("stt_language", .text, "The language of speech recognition."),
    .optional("pron_map", .map(of: .text), "How words are to be pronounced."),
    .optional("stt_type", .string(StringRule(values: ["openai_realtime"])), "The speech recognition."),
    .optional("turn_detection", .object(SessionSchemas.turnDetection), "How the end of a visitor's speech is found."),
  ])

  static let encoded = Schema.object(
    ObjectSchema([
      .required("mid", .text, "The message's id; acknowledgements repeat it."),
      .required(
        "chunks",
        .array(
          of: .object(
            ObjectSchema([
              .required("payload", .text, "What to send, as it is, in UTF-8."),
              .required("bytes", .integer(minimum: 1), "Its length in bytes."),
              .required(
                "send_after_ms", .integer(minimum: 0),
                "When to send it, in milliseconds from now: so that the transport's rates are kept."),
            ]))), "The frames, to be sent in this order."),
    ]))

  static let decoding: [Field] = [
    .optional("payload", .text, "A frame as it came, where it is text."),
    .optional("payload_base64", .text, "A frame as it came, in base64: for bytes that may be anything."),
    stream,
    .optional(
      "gap_timeout_ms", .integer(minimum: 0, maximum: 3_600_000),
      "How long a text waits for a frame that is missing before it goes on without, in milliseconds.", default: 2_000),
  ]

  static let decoded = Schema.object(
    ObjectSchema([
      .required(
        "items",
        .array(
          of: .object(
            ObjectSchema(
              [
                .required(
                  "kind",
                  .string(
                    StringRule(values: [
                      "chat", "ack", "ack_missing", "event", "command", "duplicate", "dropped", "unknown",
                    ])),
                  "chat: text of somebody. ack: a command was acknowledged. ack_missing: it was not. event: the avatar "
                    + "reports. command: another participant's. duplicate: seen before. dropped: too much to keep. "
                    + "unknown: not of this protocol."),
                .optional("mid", .text, "The message's id."),
                .optional("from", .text, "chat: bot for the avatar, user for what it heard."),
                .optional("text", .text, "chat: what is to be appended to the message's text so far."),
                .optional("complete", .boolean, "chat: whether this was the end."),
                .optional("message", .text, "chat, when complete: the whole text."),
                .optional("gap", .boolean, "chat: true when something is missing before this."),
                .optional("cmd", .text, "ack, ack_missing, command: which command."),
                .optional("code", .anyInteger, "ack: 1000 for success."),
                .optional("ok", .boolean, "ack: whether it was a success."),
                .optional("msg", .text, "ack: AKOOL's words."),
                .optional("expected", .boolean, "ack: whether message.encode made that command in this stream."),
                .optional("after_ms", .integer(minimum: 0), "ack, ack_missing: how long after the sending."),
                .optional("event", .any, "event: audio_start, audio_end, or what AKOOL will add."),
                .optional("idx", .integer(minimum: 0), "duplicate: which frame."),
                .optional("reason", .text, "dropped, unknown: why."),
              ], isOpen: true))), "What the frame says, and what has become overdue in the stream, in this order.")
    ]))
}
