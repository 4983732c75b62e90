extension SimulatorOptions {
  /// Assumptions about knowledge bases and voices.
  static let voiceEntries: [SimulatorOption] = [
    .assumption(
      "knowledge_list_shape", \.knowledgeListShape, .choice,
      "Whether the list of knowledge bases is a bare array or {knowledge_list}, as AKOOL's demo reads it.",
      "§3.1, §10"),
    .assumption(
      "knowledge_list_short", \.knowledgeListIsShort, .flag, pessimistic: true,
      "Whether that list leaves out team_id, user_type, from and prologue, as the sample does.", "§3.1"),
    .assumption(
      "support_stream_as_number", \.supportStreamAsNumber, .flag,
      "Whether voices have support_stream as 1 or 2, as queries do.", "§3.2, §8.5"),
    .assumption(
      "voice_update_time", \.voiceUpdateTime, .flag, pessimistic: false,
      "Whether voices have update_time, which AKOOL's tables list and its samples lack.", "§3.2"),
    .assumption(
      "voice_list_size_cap", \.voiceListSizeCap, .integer(1...1_000_000), pessimistic: 50,
      "The most voices or recordings on a page, whatever size asks for.", "§3.2"),
    .assumption(
      "voice_processing_s", \.voiceProcessingSeconds, .seconds, pessimistic: 120,
      "How long clones and recordings take.", "§3.2"),
    .assumption(
      "speech_max_characters", \.speechMaximum, .integer(1...50_000), pessimistic: 5_000,
      "The longest text of voice/tts, which depends on the plan.", "§3.2"),
    .assumption(
      "timber_weights_need_voice", \.timberWeightsNeedVoice, .flag,
      "Whether voice/tts needs voice_id although timber_weights count only without it.", "§3.2"),
    .assumption(
      "change_needs_model_1", \.changeNeedsModel1, .flag,
      "Whether voice/change refuses voices of other models than Akool Multilingual 1, with code 1003.", "§3.2"),
    .assumption(
      "credit_per_1000_characters", \.creditPer1000Characters, .credit(upTo: 1000),
      "The price of 1000 spoken characters, and of a change.", "§3.2"),
    .assumption(
      "recording_shape", \.recordingShape, .choice,
      "Whether voice/resource/detail answers the record or {result} with it.", "§3.2, §8.4"),
    .assumption(
      "resource_lifetime_s", \.resourceLifetimeSeconds, .seconds, "How long generated files are there.", "§2"),
    .assumption(
      "gone_file_status", \.goneFileStatus, .httpStatus, pessimistic: 403,
      "The HTTP status of a file that is not there any more.", "§2"),
    .assumption(
      "webhook_attempts", \.webhookAttempts, .integer(1...1000),
      "How often a webhook is sent until it is answered with 200.", "§5"),
    .assumption(
      "webhook_retry_s", \.webhookRetrySeconds, .seconds, pessimistic: 600, "How long after a failed attempt.", "§5"),
    .assumption(
      "webhook_while_processing", \.webhookWhileProcessing, .flag, pessimistic: true,
      "Whether a webhook tells of status 2 too.", "§5"),
  ]
}
