extension SimulatorOptions {
  /// Which preset of the assumptions applies.
  public enum Profile: String, Sendable, CaseIterable {
    /// What the documents say or suggest.
    case documented
    /// Whatever they leave room for that makes a client's life hard.
    case pessimistic
  }

  /// How simulated time moves.
  public enum TimeMode: String, Sendable, CaseIterable {
    /// With real time, times `time_scale`.
    case running
    /// Only by the admin endpoint.
    case stepped
  }

  /// What state every account is in.
  public enum AccountState: String, Sendable, CaseIterable {
    /// Everything is allowed.
    case active
    /// Every call is answered 1200.
    case banned
    /// Whatever costs is answered 1103.
    case unpaid
    /// Whatever costs is answered 1213 or 1221, see `unsubscribed_code`.
    case unsubscribed
  }

  /// Where the token is in the answer of getToken.
  public enum TokenPlace: String, Sendable, CaseIterable {
    /// `token` beside `code`.
    case top
    /// `data.token`.
    case data
    /// In both places.
    case both
  }

  /// What an error envelope has as `data`.
  public enum ErrorData: String, Sendable, CaseIterable {
    /// No such member.
    case absent
    /// `null`.
    case null
    /// `{}`.
    case object
  }

  /// What `data` of avatar/create is.
  public enum AvatarCreateShape: String, Sendable, CaseIterable {
    /// The record.
    case object
    /// An array with the record.
    case array
  }

  /// What `data` of the v3 avatar list is.
  public enum AvatarListShape: String, Sendable, CaseIterable {
    /// The records.
    case array
    /// `{result: records}`.
    case wrapped
  }

  /// What `data` of the list of knowledge bases is.
  public enum KnowledgeListShape: String, Sendable, CaseIterable {
    /// The knowledge bases.
    case array
    /// `{knowledge_list: knowledge bases}`.
    case wrapped
  }

  /// What `data` of voice/resource/detail is.
  public enum RecordingShape: String, Sendable, CaseIterable {
    /// `{result: record}`.
    case wrapped
    /// The record.
    case object
  }

  /// What `data` of the session list is.
  public enum SessionListShape: String, Sendable, CaseIterable {
    /// `{count, result}`.
    case result
    /// `{count, data}`.
    case data
    /// The sessions.
    case array
  }

  /// In which order the session list is.
  public enum SessionListOrder: String, Sendable, CaseIterable {
    /// The latest first.
    case newestFirst = "newest_first"
    /// The earliest first.
    case oldestFirst = "oldest_first"
  }

  /// What session/close answers.
  public enum CloseReply: String, Sendable, CaseIterable {
    /// `{code, msg}`.
    case bare
    /// With `data: null`.
    case null
    /// With `data: {session_id, status, closed_at}`.
    case data
  }

  /// How the TRTC credentials of an answer are called.
  public enum TRTCNames: String, Sendable, CaseIterable {
    /// `trtc_app_id` and so on.
    case trtc
    /// `trtc_sdk_app_id` and so on, as in requests.
    case trtcSDK = "trtc_sdk"
  }

  /// How the member with the join credentials is called.
  public enum CredentialsName: String, Sendable, CaseIterable {
    /// As today.
    case credentials
    /// As in December 2024.
    case streamURLs = "stream_urls"
  }
}
