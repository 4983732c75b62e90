extension SimulatorOptions {
  /// The whole table: setup first, then the assumptions in the order of the API.
  public static let entries: [SimulatorOption] =
    setupEntries + callEntries + avatarEntries + voiceEntries + sessionEntries + sessionEndEntries

  /// What the scene is: time, accounts, scripts.
  private static let setupEntries: [SimulatorOption] = timeEntries + accountEntries + scriptEntries

  private static let timeEntries: [SimulatorOption] = [
    .setup("profile", \.profile, .choice, "The preset of all assumptions; other options change it.", "ours"),
    .setup("time", \.time, .choice, "Whether simulated time runs, or moves only when it is stepped.", "ours"),
    .setup(
      "time_scale", \.timeScale, .number(0...1_000_000), "Simulated seconds per real second while time runs.",
      "ours"),
    .setup(
      "start_ms", \.startMilliseconds, .integer(0...Milliseconds.endOfTime),
      "The simulated time at the start, in Unix milliseconds; 0 is the real time.", "ours"),
    SimulatorOption(
      "date_offset_s", \.dateOffsetSeconds, .integer(-1_000_000_000...1_000_000_000), kind: .setup,
      "How far the Date of answers is off the simulated time, in seconds.", source: "ours"),
    SimulatorOption(
      "id_offset_s", \.idOffsetSeconds, .integer(-1_000_000_000...1_000_000_000), kind: .setup,
      "How far the time in the ids of sessions is off, in seconds.", source: "ours"),
    .setup(
      "seed", \.seed, .integer(0...Int64.max), "Makes ids, tokens and chances repeatable; 0 is at random.", "ours"),
  ]

  private static let accountEntries: [SimulatorOption] = [
    .setup("uid", \.uid, .integer(1...Int64.max), "The number of the first account.", "§2.6"),
    .setup(
      "api_key", \.apiKey, .text,
      "The API key of the first account. In process there is none by default if api_keys, client_secret or accounts is set.",
      "§1.1"),
    .setup("client_id", \.clientID, .text, "The client id of the first account.", "§1.2"),
    .setup(
      "client_secret", \.clientSecret, .text,
      "The client secret of the first account; empty is the API key, which is the same value at AKOOL.", "§1.1"),
    .setup("api_keys", \.moreAPIKeys, .texts, "Further API keys of the first account.", "§1.1"),
    SimulatorOption(
      "any_key", \.anyKey, .flag, kind: .setup,
      "Whether unknown credentials count as the first account. In process it is true by default if none of api_key, api_keys, client_id, client_secret and accounts is set.",
      source: "ours"),
    .setup("credit", \.credit, .credit(upTo: 1_000_000_000), "The credit of the first account at the start.", "§3.4"),
    .setup(
      "accounts", \.moreAccounts, .accounts,
      "Further accounts of the service. A uid may come again with another api_key and client_id of the same account.",
      "§1.1"),
  ]

  private static let scriptEntries: [SimulatorOption] = [
    SimulatorOption(
      "account_state", \.accountState, .choice, kind: .setup, "Whether accounts are banned, unpaid or unsubscribed.",
      source: "§4"),
    SimulatorOption(
      "occupied_avatars", \.occupiedAvatars, .texts, kind: .setup,
      "Avatars that strangers hold for good, by avatar_id.", source: "§2.6"),
    SimulatorOption(
      "avatar_failure_mark", \.avatarFailureMark, .text, kind: .setup,
      "A video URL that contains this text becomes an avatar that fails; empty is none.", source: "§2.1"),
    SimulatorOption(
      "stuck_avatar_status", \.stuckAvatarStatus, .integer(0...2), kind: .setup,
      "Uploaded avatars never get past this status; 0 lets them.", source: "§2.1"),
    SimulatorOption(
      "recording_bytes", \.recordingBytes, .integer(0...1_000_000_000), kind: .setup,
      "How large recordings are; 0 goes by their text.", source: "ours"),
    .setup("faults", \.faults, .faultRules, "The script of faults.", "ours"),
    .setup(
      "log_capacity", \.logCapacity, .integer(1...10_000_000),
      "How many requests the log keeps before the oldest go.", "ours"),
  ]
}

extension SimulatorOption {
  @inline(never)
  fileprivate static func setup<Value: Sendable>(
    _ name: String, _ path: any WritableKeyPath<SimulatorOptions, Value> & Sendable, _ coding: Coding<Value>,
    _ summary: String, _ source: String
  ) -> SimulatorOption {
    SimulatorOption(name, path, coding, kind: .setup, isChangeable: false, summary, source: source)
  }

  /// An assumption about AKOOL; `pessimistic` where that profile differs.
  @inline(never)
  static func assumption<Value: Sendable>(
    _ name: String, _ path: any WritableKeyPath<SimulatorOptions, Value> & Sendable, _ coding: Coding<Value>,
    pessimistic: Value? = nil, _ summary: String, _ source: String
  ) -> SimulatorOption {
    SimulatorOption(name, path, coding, pessimistic: pessimistic, kind: .assumption, summary, source: source)
  }
}
