internal import Glibc

/// Makes a configuration of JSON and the environment.
struct ConfigurationReader {
  /// Most addresses of one host in `resolve`.
  private static let mostAddresses = 16

  private let given: JSONObject
  private let environment: Environment

  static func read(_ json: JSON, environment: Environment = .process) throws(AkoolError) -> Configuration {
    guard let object = json.object else {
      throw AkoolError(.invalidArgument, "the configuration must be a JSON object, not \(json.typeName)")
    }
    do throws(AkoolError) {
      return try read(object, environment)
    } catch {
      var secrets = Secrets()
      secrets.add(namedIn: json)
      throw secrets.concealed(error)
    }
  }

  private static func read(_ object: JSONObject, _ environment: Environment) throws(AkoolError) -> Configuration {
    var validator = SchemaValidator()
    validator.check(object, ConfigurationSchema.schema)
    try throwIfAny(validator)
    let usesEnvironment = object["environment"]?.bool ?? true
    let reader = ConfigurationReader(given: object, environment: usesEnvironment ? environment : .empty)
    reader.checkLists(&validator)
    try throwIfAny(validator)
    return try reader.configuration()
  }

  private var noProxy: String { given["no_proxy"]?.string ?? environment.noProxy }

  /// Checks the sizes that a schema cannot express, and the sizes of variables of the environment.
  private func checkLists(_ validator: inout SchemaValidator) {
    if noProxy.utf8.count > NoProxy.maximumBytes {
      validator.report("no_proxy", "has more than 16384 bytes; without it NO_PROXY is read")
    }
    for entry in given["resolve"]?.array ?? [] {
      var commas = 0
      for byte in entry.string?.utf8 ?? "".utf8 where byte == UInt8(ascii: ",") { commas += 1 }
      if commas >= Self.mostAddresses { validator.report("resolve", "has more than 16 addresses for a host") }
    }
  }

  static func throwIfAny(_ validator: SchemaValidator) throws(AkoolError) {
    guard let first = validator.faults.first else { return }
    let more = validator.faultCount > 1 ? " (and \(validator.faultCount - 1) more, see details)" : ""
    throw AkoolError(
      .invalidArgument, "configuration: \(first.message)\(more)", details: .array(validator.faults.map(\.json)))
  }

  private func configuration() throws(AkoolError) -> Configuration {
    let address = text("base_url", "AKOOL_BASE_URL") ?? "https://openapi.akool.com"
    let network = try networkSettings(address)
    for key in ["ca_file", "ca_path"] { try checkReadable(key) }
    let baseURL = try BaseURL.check(address, network)
    let credentials = CredentialsReader(given: given, environment: environment, baseURL: baseURL)
    return Configuration(
      baseURL: baseURL, credentials: try credentials.read(), webhookSecret: credentials.webhookSecret(),
      timeout: integer("timeout_ms"), connectTimeout: integer("connect_timeout_ms"),
      attemptTimeout: integer("attempt_timeout_ms"), maximumAttempts: Int(integer("max_attempts")),
      closeTimeout: integer("close_timeout_ms"), isWarm: bool("warm"),
      tls: TLSSettings(
        caFile: given["ca_file"]?.string, caPath: given["ca_path"]?.string, caBlob: given["ca_blob"]?.string),
      network: network,
      limits: ResourceLimits(
        bodyBytes: integer("max_body_bytes"), inFlightPerHost: Int(integer("max_in_flight")),
        requests: Int(integer("max_requests")), events: Int(integer("max_events"))),
      polling: polling(), ledger: ledgerSettings(),
      ownership: AccountOwnership(rawValue: string("account")) ?? .shared, spending: spending(),
      validation: Configuration.Validation(rawValue: string("validate")) ?? .strict,
      userAgent: try userAgent(), simulator: given["simulator"] ?? [:])
  }

  private func checkReadable(_ key: String) throws(AkoolError) {
    guard let path = given[key]?.string else { return }
    let hint = "Give the path of readable CA certificates, or leave \(key) out for the system's."
    guard access(path, R_OK) == 0 else {
      throw AkoolError(
        .invalidArgument, "configuration: \(key): \(SchemaValidator.quoted(path)) cannot be read: \(SystemError.last)",
        hint: hint)
    }
    // Opening a pipe or a device can take forever, on the I/O thread.
    var status = stat()
    let kind = stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    guard kind == (key == "ca_path" ? S_IFDIR : S_IFREG) else {
      throw AkoolError(
        .invalidArgument,
        "configuration: \(key): \(SchemaValidator.quoted(path)) is not a \(key == "ca_path" ? "folder" : "file")",
        hint: hint)
    }
  }

  private func networkSettings(_ baseURL: String) throws(AkoolError) -> NetworkSettings {
    let proxy = proxy(for: baseURL)
    return NetworkSettings(
      proxy: proxy, proxyAddress: try ProxyAddress.parse(proxy),
      noProxy: NoProxy(noProxy),
      family: NetworkSettings.Family(rawValue: string("ip_family")) ?? .any,
      resolve: (given["resolve"]?.array ?? []).compactMap(\.string), interface: try interface(),
      tcpUserTimeout: integer("tcp_user_timeout_ms"), idleConnectionAge: integer("idle_connection_age_ms"),
      slowness: SlownessLimit(
        bytesPerSecond: integer("low_speed_bytes_per_s"), milliseconds: integer("low_speed_time_ms")),
      allowsHTTP2: string("http_version") == "auto", allowsInsecureHTTP: bool("allow_insecure_http"))
  }

  /// The simulator in this process needs none, and an unusable variable shall not stop it.
  private func proxy(for baseURL: String) -> String {
    if baseURL.hasPrefix(Configuration.simulatorScheme) { return "" }
    if let proxy = given["proxy"]?.string { return proxy }
    let scheme = baseURL.prefix { $0 != ":" }.lowercased()
    // Without TLS credentials stay on this machine: a proxy of the environment is not meant for them.
    if scheme == "http", !bool("allow_insecure_http") { return "" }
    return environment.proxy(scheme: scheme)
  }

  private func interface() throws(AkoolError) -> String? {
    guard let text = given["interface"]?.string else { return nil }
    return try NetworkInterface.option(text)
  }

  private func polling() -> PollingSettings {
    let initial = given["polling"]?["initial_ms"]?.integer ?? 1_000
    return PollingSettings(initial: initial, maximum: max(initial, given["polling"]?["maximum_ms"]?.integer ?? 15_000))
  }

  private func ledgerSettings() -> LedgerSettings {
    let ledger = given["ledger"]
    return LedgerSettings(
      file: ledger?["file"]?.string, isRequired: ledger?["required"]?.bool ?? true,
      sweepsOnStart: ledger?["sweep_on_start"]?.bool ?? true, reconcileWindow: integer("reconcile_window_ms"),
      reconcileSettle: min(integer("reconcile_settle_ms"), integer("reconcile_window_ms")))
  }

  private func spending() -> SpendingSettings {
    let limits = given["limits"]
    return SpendingSettings(
      limits: SpendLimits(
        openSessions: limits?["open_sessions"]?.integer, sessionSeconds: limits?["session_seconds"]?.integer,
        secondsPerHour: limits?["seconds_per_hour"]?.integer, secondsPerDay: limits?["seconds_per_day"]?.integer),
      minimumCredit: limits?["min_credit"]?.double, creditsPerSecond: given["credits_per_second"]?.double)
  }

  private func userAgent() throws(AkoolError) -> String {
    let product = "libakool/\(Version.string)"
    guard let suffix = given["user_agent_suffix"]?.string, !suffix.isEmpty else { return product }
    guard suffix.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw AkoolError(.invalidArgument, "configuration: user_agent_suffix: only printable ASCII is allowed")
    }
    return "\(product) \(suffix)"
  }

  private func text(_ key: String, _ variable: String) -> String? {
    given[key]?.string ?? environment[variable]
  }

  private func value(_ key: String) -> JSON? { given[key] ?? ConfigurationSchema.schema.field(key)?.defaultValue }
  private func integer(_ key: String) -> Int64 { value(key)?.integer ?? 0 }
  private func bool(_ key: String) -> Bool { value(key)?.bool ?? false }
  private func string(_ key: String) -> String { value(key)?.string ?? "" }
}
