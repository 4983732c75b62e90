/// One avatar, official or uploaded.
struct Avatar {
  /// Where an avatar comes from, with AKOOL's number for it.
  enum Origin: Int64 {
    case official = 2
    case user = 3
  }

  /// The record's `_id`.
  let id: String
  let avatarID: String
  /// Who owns it; 1 for official ones.
  let uid: Int64
  let origin: Origin
  /// 1 talking, 2 streaming.
  let type: Int64
  let name: String
  let url: String
  let thumbnailURL: String
  let gender: String
  let voiceID: String?
  /// The list it is in: `open`, `aigc`, or nil for avatars that only the v3 list has.
  let platform: String?
  let progress: AvatarProgress
  let createdAt: Milliseconds

  /// How many open sessions it serves.
  var sessions = 0
  /// Until when it stays occupied after its last session.
  var busyUntil: Milliseconds = 0

  var isOfficial: Bool { origin == .official }

  func isVisible(to uid: Int64) -> Bool { isOfficial || self.uid == uid }
}
