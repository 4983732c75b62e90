extension SimulatorOptions {
  /// Assumptions about every call: status codes, envelopes, authentication, limits.
  static let callEntries: [SimulatorOption] = replyEntries + authenticationEntries

  private static let replyEntries: [SimulatorOption] = [
    .assumption(
      "business_error_status", \.businessErrorStatus, .httpStatus, "The HTTP status of a business error.",
      "§4, §9, §11.2"),
    .assumption(
      "auth_error_status", \.authErrorStatus, .httpStatus,
      "The HTTP status of the codes 1101, 1102 and 1200.", "§1.3, §11.2"),
    .assumption(
      "rate_limit_status", \.rateLimitStatus, .httpStatus, "The HTTP status of the code 1005.", "§4, §11.2"),
    .assumption(
      "rate_limit_per_minute", \.rateLimitPerMinute, .integer(0...1_000_000_000),
      "Calls per account and minute of simulated time before 1005 is answered; 0 is no limit.", "§4, §11.2"),
    .assumption(
      "rate_limit_retry_after_s", \.rateLimitRetryAfterSeconds, .seconds,
      "The Retry-After header that goes with 1005; 0 is none.", "§4"),
    .assumption(
      "error_data", \.errorData, .choice, pessimistic: .null, "What an error envelope has as data.", "§4, §9, §11.3"),
    .assumption(
      "success_msg", \.successMessage, .text, pessimistic: "ok", "The msg of a success; OK and ok are both seen.", "§0"),
  ]

  private static let authenticationEntries: [SimulatorOption] = [
    .assumption(
      "token_lifetime_s", \.tokenLifetimeSeconds, .seconds, pessimistic: 86_400,
      "How long a token of getToken is good for; published samples last 3600 days.", "§1.2"),
    .assumption("token_place", \.tokenPlace, .choice, "Where getToken answers the token.", "§1.4, §10"),
    .assumption(
      "wrong_secret_code", \.wrongSecretCode, .businessCode,
      "The code of getToken for an unknown client id or a wrong secret.", "§9"),
    .assumption(
      "unsubscribed_code", \.unsubscribedCode, .businessCode, pessimistic: 1221,
      "The code for an account without a subscription.", "§2.6, §4"),
  ]
}
