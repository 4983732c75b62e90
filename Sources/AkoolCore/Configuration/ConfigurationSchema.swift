/// The keys of the configuration.
enum ConfigurationSchema {
  static let schema = ObjectSchema(service + calls + money + network + limits)

  private static let text = Schema.string(StringRule(minimumLength: 1))
  private static func milliseconds(_ minimum: Int64 = 1) -> Schema { .integer(minimum: minimum, maximum: 86_400_000) }

  private static let service: [Field] = [
    .optional(
      "base_url", text,
      "Where AKOOL is: https://…, or simulator: for the simulator in this process (simulator:NAME shares one). Falls back to AKOOL_BASE_URL.",
      default: "https://openapi.akool.com"),
    .secret("api_key", "The API key, sent as x-api-key. Falls back to AKOOL_API_KEY."),
    .secret("token", "A bearer token. Falls back to AKOOL_TOKEN."),
    .secret(
      "client_id", "The client id; with client_secret it is exchanged for tokens. Falls back to AKOOL_CLIENT_ID."),
    .secret("client_secret", "The client secret. Falls back to AKOOL_CLIENT_SECRET."),
    .optional(
      "environment", .boolean, "Whether the AKOOL_* variables and the proxy variables are read.", default: true),
    .optional(
      "warm", .boolean, "Whether a connection and a token are prepared when the client is created.", default: false),
    .optional(
      "user_agent_suffix", .string(StringRule(maximumLength: 64)),
      "The name of your program, added to the User-Agent header."),
    .optional(
      "simulator", .object(ObjectSchema(isOpen: true)),
      "The settings of the simulator, for a base_url of simulator:. It ignores credentials of the environment and accepts every key; if its api_key, api_keys, client_secret or accounts is set, only those: then set the client's api_key to one of them."
    ),
  ]

  private static let calls: [Field] = [
    .optional(
      "timeout_ms", milliseconds(), "The deadline of a call, everything included, in milliseconds.", default: 30_000),
    .optional(
      "connect_timeout_ms", milliseconds(), "The time for name resolution, connecting and TLS, in milliseconds.",
      default: 10_000),
    .optional(
      "attempt_timeout_ms", milliseconds(), "The time of one attempt of a call that may be repeated, in milliseconds.",
      default: 10_000),
    .optional("max_attempts", .integer(minimum: 1, maximum: 10), "The most attempts of one call.", default: 3),
    .optional(
      "close_timeout_ms", milliseconds(0),
      "The time that closing a client's sessions may take when it is destroyed, in milliseconds.", default: 3_000),
    .optional(
      "validate", .string(StringRule(values: ["strict", "warn", "off"])),
      "Whether faults in parameters are errors, are logged, or are not looked for.", default: "strict"),
    .optional(
      "polling",
      .object(
        ObjectSchema([
          .optional("initial_ms", milliseconds(), "The first wait between two looks, in milliseconds.", default: 1_000),
          .optional(
            "maximum_ms", milliseconds(), "The longest wait between two looks, in milliseconds.", default: 15_000),
        ])), "How often a state is looked at that is waited for."),
  ]

  private static let money: [Field] = [
    .optional(
      "ledger",
      .object(
        ObjectSchema([
          .optional(
            "file", text,
            "The file in which it is written down what is open. Several programs may share it. Without it a session that is open when the process dies stays open until it runs out."
          ),
          .optional(
            "required", .boolean, "Whether no session is opened while the file cannot be written.", default: true),
          .optional(
            "sweep_on_start", .boolean,
            "Whether a new client closes the sessions of clients whose process died, on the same account.",
            default: true),
        ])), "Where it is written down which sessions are open."),
    .optional(
      "account", .string(StringRule(values: ["shared", "ledger", "exclusive"])),
      "Who else opens sessions on the account: shared, anybody; ledger, only programs with the same ledger file; exclusive, nobody but this client. Where nobody else does, a session whose create had no reply is found and closed by itself.",
      default: "shared"),
    .optional(
      "reconcile_window_ms", milliseconds(), "How long a session is looked for whose create had no reply.",
      default: 60_000),
    .optional(
      "reconcile_settle_ms", milliseconds(),
      "How long no such session must have appeared before it is taken for not opened, in milliseconds.",
      default: 3_000),
    .optional("limits", .object(ObjectSchema(spending)), "What this client may open and spend."),
    .optional(
      "credits_per_second", .number(minimum: 0),
      "What a second costs on your plan: events and reports then also count in credits."),
  ]

  private static let spending: [Field] = [
    .optional(
      "open_sessions", .integer(minimum: 0, maximum: 1_000_000),
      "The most sessions at a time, of all programs that share the ledger."),
    .optional("session_seconds", .integer(minimum: 1, maximum: 3_600), "The longest session, in seconds."),
    .optional(
      "seconds_per_hour", .integer(minimum: 0, maximum: 1_000_000_000),
      "The most seconds paid for within an hour, refunds deducted."),
    .optional(
      "seconds_per_day", .integer(minimum: 0, maximum: 1_000_000_000),
      "The most seconds paid for within 24 hours, refunds deducted."),
    .optional("min_credit", .number(minimum: 0), "The credit below which no session is opened; it is asked for first."),
  ]

  private static let network: [Field] = [
    .optional("ca_file", text, "A file of CA certificates (PEM) instead of the system's."),
    .optional(
      "ca_path", text, "A folder of hashed CA certificates. Connecting takes longer with it than with ca_file."),
    .optional(
      "ca_blob", .string(StringRule(minimumLength: 1, maximumLength: 1_048_576)),
      "CA certificates as PEM text instead of the system's."),
    .optional(
      "proxy", .text,
      "The proxy's URL; empty for none. Falls back to HTTPS_PROXY, or http_proxy where base_url is plain HTTP, then to ALL_PROXY. Plain HTTP goes through a proxy with allow_insecure_http only."
    ),
    .optional(
      "no_proxy", .string(StringRule(maximumLength: NoProxy.maximumBytes)),
      "Hosts that are reached without the proxy, separated by commas. Falls back to NO_PROXY."),
    .optional(
      "ip_family", .string(StringRule(values: ["any", "ipv4", "ipv6"])), "Which addresses are used.", default: "any"),
    .optional(
      "resolve", .array(of: .string(StringRule(minimumLength: 1, maximumLength: 1_536)), maximumCount: 64),
      "Fixed addresses, each as host:port:address, with at most 16 addresses, separated by commas."),
    .optional("interface", text, "The network interface or IP address to connect from; host names are refused."),
    .optional(
      "tcp_user_timeout_ms", milliseconds(0),
      "How long sent data may stay unacknowledged before a connection counts as dead, in milliseconds; 0 leaves it to the system.",
      default: 20_000),
    .optional(
      "idle_connection_age_ms", milliseconds(1_000), "How long an idle connection is used again, in milliseconds.",
      default: 60_000),
    .optional(
      "low_speed_bytes_per_s", .integer(minimum: 0, maximum: 1_000_000),
      "A reply that has begun and brings fewer bytes a second than this for low_speed_time_ms counts as lost, where the request may be repeated; 0 switches it off.",
      default: 10),
    .optional(
      "low_speed_time_ms", milliseconds(1_000), "How long a reply may be so slow, in milliseconds.", default: 5_000),
    .optional(
      "http_version", .string(StringRule(values: ["auto", "1.1"])),
      "HTTP/2 where the server has it, or HTTP/1.1 always.", default: "auto"),
    .optional(
      "allow_insecure_http", .boolean,
      "Whether base_url may be http:// to another host than loopback. Credentials then travel in the clear.",
      default: false),
  ]

  private static let limits: [Field] = [
    .optional(
      "max_body_bytes", .integer(minimum: 1_024, maximum: 1_073_741_824), "The largest reply, in bytes.",
      default: 16_777_216),
    .optional(
      "max_in_flight", .integer(minimum: 1, maximum: 1_024),
      "The most transfers per host at a time; further ones wait their turn.", default: 64),
    .optional(
      "max_requests", .integer(minimum: 1, maximum: 10_000_000),
      "The most requests that are open or whose replies nobody took.", default: 65_536),
    .optional(
      "max_events", .integer(minimum: 1, maximum: 10_000_000),
      "The most events that wait to be taken, replies not counted.", default: 1_024),
  ]
}
