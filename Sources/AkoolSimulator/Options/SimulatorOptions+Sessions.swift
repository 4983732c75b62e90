extension SimulatorOptions {
  /// Assumptions about opening sessions and reading them.
  static let sessionEntries: [SimulatorOption] =
    priceEntries + openingEntries + sessionReplyEntries + sessionListEntries

  private static let priceEntries: [SimulatorOption] = [
    .assumption(
      "credit_per_second", \.creditPerSecond, .credit(upTo: 100),
      "The price of a second; third parties reckon 6 credits a minute.", "§3.4, §11.6"),
    .assumption(
      "billing_unit_s", \.billingUnitSeconds, .integer(1...3600), pessimistic: 60,
      "Used time is rounded up to multiples of this before the rest is refunded.", "§9, §11.6"),
    .assumption(
      "insufficient_credit_code", \.insufficientCreditCode, .businessCode, pessimistic: 1006,
      "The code of session/create when the credit does not cover the duration.", "§9"),
    .assumption(
      "default_duration_s", \.defaultDurationSeconds, .integer(1...3600),
      "The duration of a session when none is given.", "§9, §11.1"),
  ]

  private static let openingEntries: [SimulatorOption] = [
    .assumption(
      "official_avatars_shared", \.officialAvatarsShared, .flag, pessimistic: true,
      "Whether an official avatar serves several sessions at a time, so that a second create succeeds and costs.",
      "§2.6, §11.6"),
    .assumption(
      "busy_code", \.busyCode, .businessCode, pessimistic: 1218,
      "The code of session/create for an occupied avatar.", "§2.6, §9"),
    .assumption(
      "busy_after_close_s", \.busyAfterCloseSeconds, .seconds, pessimistic: 5,
      "How long an avatar stays occupied after its session has ended.", "§8.14"),
    .assumption(
      "concurrency_limit", \.concurrencyLimit, .integer(0...1_000_000), pessimistic: 5,
      "Open sessions per account; 0 is no limit, third parties report 5.", "§3.4, §11.6"),
    .assumption(
      "concurrency_limit_code", \.concurrencyLimitCode, .businessCode,
      "The code of session/create beyond that limit.", "§4, §11.6"),
    .assumption(
      "scene_mode_meeting_accepted", \.sceneModeMeetingAccepted, .flag, pessimistic: false,
      "Whether scene_mode takes meeting, which only AKOOL's own clients use.", "§2.6, §11.13"),
    .assumption(
      "unknown_knowledge_accepted", \.unknownKnowledgeAccepted, .flag, pessimistic: false,
      "Whether session/create takes a knowledge_id that does not exist; otherwise it is refused with 1232.", "§3.1, §9"),
  ]

  private static let sessionReplyEntries: [SimulatorOption] = [
    .assumption(
      "join_s", \.joinSeconds, .seconds, "When after its creation a session goes from status 1 to 2.", "§9, §11.5"),
    .assumption(
      "status_stays_queueing", \.statusStaysQueueing, .flag, pessimistic: true,
      "Whether a session shows status 1 until it is over.", "§2.6, §11.5"),
    .assumption(
      "join_token_lifetime_s", \.joinTokenLifetimeSeconds, .seconds,
      "How long room tokens are good for joining; LiveKit's says so in its exp.", "§2.6"),
    .assumption(
      "stream_type_answered", \.streamTypeAnswered, .flag, pessimistic: false,
      "Whether sessions have stream_type; its absence was seen live.", "§2.6"),
    .assumption(
      "trtc_names", \.trtcNames, .choice, pessimistic: .trtcSDK,
      "How the TRTC credentials are called in answers.", "§2.6, §10, §11.14"),
    .assumption(
      "credentials_name", \.credentialsName, .choice, "How the join credentials are called in answers.", "§2.6"),
    .assumption(
      "own_credentials_echoed", \.ownCredentialsEchoed, .flag, pessimistic: false,
      "Whether the caller's own room credentials come back in answers.", "§11.16"),
    .assumption(
      "detail_shows_join_token", \.detailShowsJoinToken, .flag,
      "Whether detail and list have the room token too; the samples do not.", "§2.7"),
    .assumption(
      "ended_sessions_show_credentials", \.endedSessionsShowCredentials, .flag, pessimistic: false,
      "Whether detail and list have the credentials of a session that is over.", "§2.7, §11.5"),
    .assumption(
      "unknown_session_code", \.unknownSessionCode, .businessCode, pessimistic: 1008,
      "The code for a session that does not exist.", "§2.8, §9, §11.4"),
  ]

  private static let sessionListEntries: [SimulatorOption] = [
    .assumption(
      "list_lag_s", \.listLagSeconds, .seconds, pessimistic: 5,
      "The session list shows the state of so long ago.", "§2.9"),
    .assumption(
      "list_size_cap", \.listSizeCap, .integer(0...1_000_000), pessimistic: 100,
      "The session list gives no more than this on a page, whatever size asks for; 0 is no cap.", "§2.9, §11.11"),
    .assumption(
      "list_newest_only", \.listNewestOnly, .integer(0...1_000_000),
      "The session list has only so many sessions, the newest, on all pages together; 0 is all.", "§11.11"),
    .assumption(
      "list_count_offset", \.listCountOffset, .integer(-1_000_000...1_000_000),
      "What the count of the session list is off by.", "§11.11"),
    .assumption(
      "session_list_shape", \.sessionListShape, .choice, "What data of the session list is.", "§2.9, §10"),
    .assumption(
      "session_list_order", \.sessionListOrder, .choice, pessimistic: .oldestFirst,
      "In which order the session list is.", "§2.9"),
  ]
}
