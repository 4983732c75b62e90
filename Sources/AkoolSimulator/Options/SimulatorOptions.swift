public import AkoolCore

/// Everything about a simulated service that can be chosen.
///
/// Each member is one line of `entries`, which says what it means and where it comes from. The initial values
/// are those of the profile `documented`.
public struct SimulatorOptions: Sendable {
  // MARK: Setup

  var profile = Profile.documented
  var time = TimeMode.running
  var timeScale = 1.0
  var startMilliseconds: Int64 = 0
  var dateOffsetSeconds: Int64 = 0
  var idOffsetSeconds: Int64 = 0
  var seed: Int64 = 0
  var logCapacity: Int64 = 10_000
  var uid: Int64 = 100_010
  var apiKey = "simulator"
  var moreAPIKeys: [String] = []
  var anyKey = false
  /// True if the clients are in the process of the service; no option.
  private(set) var isInProcess = false
  var clientID = "SIMULATED-client-id"
  var clientSecret = ""
  var credit = Credit(micros: 6_000_000_000)
  var moreAccounts: [AccountOptions] = []
  var accountState = AccountState.active
  var faults: [FaultRule] = []

  // MARK: Calls

  var businessErrorStatus: Int64 = 200
  var authErrorStatus: Int64 = 200
  var rateLimitStatus: Int64 = 200
  var rateLimitPerMinute: Int64 = 0
  var rateLimitRetryAfterSeconds: Int64 = 0
  var errorData = ErrorData.absent
  var successMessage = "OK"
  var tokenLifetimeSeconds: Int64 = 311_040_000
  var tokenPlace = TokenPlace.top
  var wrongSecretCode: Int64 = 1101
  var unsubscribedCode: Int64 = 1213

  // MARK: Avatars

  var avatarQueueSeconds: Int64 = 5
  var avatarProcessingSeconds: Int64 = 30
  var avatarFailureMark = "fail"
  var stuckAvatarStatus: Int64 = 0
  var maximumUploads: Int64 = 0
  var avatarNameRequired = false
  var avatarTypeTextAccepted = true
  var avatarCreateShape = AvatarCreateShape.object
  var avatarListShape = AvatarListShape.array
  var unreadyAvatarsListed = false
  var availableTellsOccupancy = true
  var avatarDetailHasAvailable = false
  var occupiedAvatars: [String] = []
  var unknownAvatarCode: Int64 = 1008
  var avatarNotReadyCode: Int64 = 1214
  var avatarFailedCode: Int64 = 1218

  // MARK: Knowledge bases and voices

  var knowledgeListShape = KnowledgeListShape.array
  var knowledgeListIsShort = false
  var supportStreamAsNumber = false
  var voiceUpdateTime = true
  var timberWeightsNeedVoice = true
  var changeNeedsModel1 = true
  var voiceListSizeCap: Int64 = 1_000_000
  var voiceProcessingSeconds: Int64 = 20
  var speechMaximum: Int64 = 50_000
  var creditPer1000Characters = Credit(micros: 3_200_000)
  var recordingShape = RecordingShape.wrapped
  var recordingBytes: Int64 = 0
  var resourceLifetimeSeconds: Int64 = 604_800
  var goneFileStatus: Int64 = 404
  var webhookAttempts: Int64 = 3
  var webhookRetrySeconds: Int64 = 60
  var webhookWhileProcessing = false

  // MARK: Sessions

  var creditPerSecond = Credit(micros: 100_000)
  var billingUnitSeconds: Int64 = 1
  var refundDelaySeconds: Int64 = 0
  var insufficientCreditCode: Int64 = 1104
  var defaultDurationSeconds: Int64 = 600
  var joinSeconds: Int64 = 2
  var joinTokenLifetimeSeconds: Int64 = 300
  var statusStaysQueueing = false
  var officialAvatarsShared = false
  var busyCode: Int64 = 1215
  var busyAfterCloseSeconds: Int64 = 0
  var concurrencyLimit: Int64 = 0
  var concurrencyLimitCode: Int64 = 1006
  var sceneModeMeetingAccepted = true
  var unknownKnowledgeAccepted = true
  var streamTypeAnswered = true
  var trtcNames = TRTCNames.trtc
  var credentialsName = CredentialsName.credentials
  var ownCredentialsEchoed = true
  var detailShowsJoinToken = false
  var endedSessionsShowCredentials = true
  var unknownSessionCode: Int64 = 1216
  var closeAcceptsSessionID = true
  var closeReply = CloseReply.data
  var closeSeconds: Int64 = 0
  var closesWhileQueueing = true
  var closeEndedCode: Int64 = 1219
  var listLagSeconds: Int64 = 0
  var listSizeCap: Int64 = 0
  var listNewestOnly: Int64 = 0
  var listCountOffset: Int64 = 0
  var sessionListShape = SessionListShape.result
  var sessionListOrder = SessionListOrder.newestFirst

  /// The profile `documented` and nothing else changed.
  public init() {}

  /// The preset of a profile.
  public init(profile: Profile) {
    guard profile == .pessimistic else { return }
    for entry in Self.entries { try? entry.write(&self, entry.pessimistic) }
    self.profile = .pessimistic
  }

  /// Options from JSON: the member `profile` chooses the preset, the others change it.
  ///
  /// ```swift
  /// let options = try SimulatorOptions(json: ["profile": "pessimistic", "time": "stepped", "list_lag_s": 30])
  /// ```
  public init(json: JSON) throws(AkoolError) {
    guard let object = json.object else {
      throw AkoolError(.invalidArgument, "simulator options must be an object, not \(json.typeName)")
    }
    var chosen = SimulatorOptions()
    if let profile = object["profile"] { try Self.entry("profile").write(&chosen, profile) }
    self.init(profile: chosen.profile)
    for (name, value) in object.members { try Self.entry(name).write(&self, value) }
  }

  /// Options of a world in this process. It accepts every key or, if the options name keys, only those: then the
  /// first account has no default key.
  init(inProcess json: JSON) throws(AkoolError) {
    try self.init(json: json)
    isInProcess = true
    let namesKeys = ["api_key", "api_keys", "client_secret", "accounts"].contains { json[$0] != nil }
    if !namesKeys, json["client_id"] == nil, json["any_key"] == nil { anyKey = true }
    if namesKeys, json["api_key"] == nil { apiKey = clientSecret.isEmpty ? moreAPIKeys.first ?? "" : clientSecret }
  }

  /// Every option with its value. Keys and secrets are among them.
  public var json: JSON {
    .object(JSONObject(Self.entries.map { ($0.name, $0.read(self)) }))
  }
}

extension SimulatorOptions {
  private static let entriesByName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })

  /// Applies members to a running simulation; all of them or, if one is wrong, none.
  mutating func change(_ object: JSONObject) throws(AkoolError) {
    var changed = self
    for (name, value) in object.members {
      let entry = try Self.entry(name)
      guard entry.isChangeable else {
        throw AkoolError(.invalidArgument, "simulator option \"\(name)\" can only be set at the start")
      }
      try entry.write(&changed, value)
    }
    self = changed
  }

  private static func entry(_ name: String) throws(AkoolError) -> SimulatorOption {
    if let entry = entriesByName[name] { return entry }
    let nearest = Spelling.nearest(to: name, among: entries.map(\.name))
    throw AkoolError(
      .invalidArgument, "unknown simulator option \"\(name)\"", hint: nearest.map { "did you mean \"\($0)\"?" })
  }
}
