/// Which vendor's room a session is in.
enum StreamType: String, CaseIterable {
  case agora, livekit, trtc

  /// What the caller's own credentials must have; true for numbers, the others are strings.
  var requiredCredentials: [(name: String, isNumber: Bool)] {
    switch self {
    case .agora: return [("agora_uid", true), ("agora_channel", false), ("agora_token", false)]
    case .livekit: return [("livekit_url", false), ("livekit_token", false)]
    case .trtc:
      return [
        ("trtc_sdk_app_id", true), ("trtc_sdk_room_id", false), ("trtc_sdk_user_id", false),
        ("trtc_sdk_user_sig", false),
      ]
    }
  }

  var optionalCredentials: [String] {
    switch self {
    case .agora: return ["agora_app_id"]
    case .livekit: return ["livekit_room_name", "livekit_server_identity", "livekit_client_identity"]
    case .trtc: return []
    }
  }

  /// Largest message of its data channel.
  var maximumFrameBytes: Int {
    switch self {
    case .agora, .trtc: return 1_024
    case .livekit: return 15_360
    }
  }

  /// The one member of the credentials that lets somebody in.
  var tokenName: String {
    switch self {
    case .agora: return "agora_token"
    case .livekit: return "livekit_token"
    case .trtc: return "trtc_sdk_user_sig"
    }
  }
}
