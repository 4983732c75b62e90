/// The avatars that the service brings along.
enum OfficialAvatars {
  static let all: [Avatar] = streaming + elsewhere

  /// Those of the v4 list. The first is the one that the documents use.
  private static let streaming: [Avatar] = [
    avatar(
      "67498e55cd053926b2e75cf2", "dvp_Tristan_cloth2_1080P", "tristan_dvp", "male", voice: "iP95p4xoKVk53GoZ742B"),
    avatar("67498e55cd053926b2e75cf3", "dvp_Emma_agora", "emma_agora", "female", voice: "Xb7hH8MSUJpSbSDYk0k2"),
    avatar("67498e55cd053926b2e75cf4", "SIMULATED_Ada_1080P", "ada", "female", voice: "SIMULATED-voice-ada"),
    avatar("67498e55cd053926b2e75cf5", "SIMULATED_Bruno_1080P", "bruno", "male", voice: "SIMULATED-voice-bruno"),
    avatar("67498e55cd053926b2e75cf6", "SIMULATED-Chen-office", "chen", "male", voice: nil),
    avatar("67498e55cd053926b2e75cf7", "SIMULATED_Dana_green", "dana", "female", voice: "SIMULATED-voice-dana"),
    avatar("67498e55cd053926b2e75cf8", "SIMULATED_Elif_720P", "elif", "female", voice: "SIMULATED-voice-elif"),
    avatar("67498e55cd053926b2e75cf9", "SIMULATED_Femi_1080P", "femi", "male", voice: "SIMULATED-voice-femi"),
  ]

  /// One that only AKOOL's own web application lists, and two of the v3 list: session/create refuses those.
  private static let elsewhere: [Avatar] = [
    avatar("67498e55cd053926b2e75d01", "SIMULATED_Gita_web", "gita", "female", voice: nil, platform: "aigc"),
    avatar("67498e55cd053926b2e75d02", "Kai_1080P_back", "kai", "male", voice: nil, platform: nil),
    avatar(
      "67498e55cd053926b2e75d03", "Yasmin_in_White_shirt_20231121", "yasmin", "female", voice: nil, type: 1,
      platform: nil),
  ]

  private static func avatar(
    _ id: String, _ avatarID: String, _ name: String, _ gender: String, voice: String?, type: Int64 = 2,
    platform: String? = "open"
  ) -> Avatar {
    Avatar(
      id: id, avatarID: avatarID, uid: 1, origin: .official, type: type, name: name,
      url: "https://simulated.example.com/avatar/\(name).mp4",
      thumbnailURL: "https://simulated.example.com/thumbnail/\(name).webp", gender: gender, voiceID: voice,
      platform: platform, progress: .done, createdAt: 1_732_873_813_000)
  }
}
