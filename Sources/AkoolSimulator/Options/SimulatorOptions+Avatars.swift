extension SimulatorOptions {
  /// Assumptions about avatars.
  static let avatarEntries: [SimulatorOption] = uploadEntries + catalogueEntries

  private static let uploadEntries: [SimulatorOption] = [
    .assumption(
      "avatar_queue_s", \.avatarQueueSeconds, .seconds, "How long an uploaded avatar has status 1.", "§2.1"),
    .assumption(
      "avatar_processing_s", \.avatarProcessingSeconds, .seconds, pessimistic: 120,
      "How long an uploaded avatar has status 2.", "§2.1"),
    .assumption(
      "max_uploads", \.maximumUploads, .integer(0...1_000_000),
      "Uploaded avatars per account before 1223 is answered; 0 is no limit.", "§4"),
    .assumption(
      "avatar_name_required", \.avatarNameRequired, .flag, pessimistic: true,
      "Whether avatar/create without a name is refused.", "§2.1, §10"),
    .assumption(
      "avatar_type_text_accepted", \.avatarTypeTextAccepted, .flag, pessimistic: false,
      "Whether avatar/create takes type and url_from as strings, as the tables have it.", "§2.1, §10"),
    .assumption(
      "avatar_create_shape", \.avatarCreateShape, .choice, pessimistic: .array,
      "Whether avatar/create answers the record or an array with it.", "§2.1, §10"),
    .assumption(
      "avatar_not_ready_code", \.avatarNotReadyCode, .businessCode,
      "The code of session/create for an avatar that is not at status 3 yet.", "§4"),
    .assumption(
      "avatar_failed_code", \.avatarFailedCode, .businessCode,
      "The code of session/create for an avatar at status 4.", "§4"),
  ]

  private static let catalogueEntries: [SimulatorOption] = [
    .assumption(
      "avatar_list_shape", \.avatarListShape, .choice, pessimistic: .wrapped,
      "Whether the v3 avatar list is a bare array or {result}.", "§2.3, §10"),
    .assumption(
      "unready_avatars_listed", \.unreadyAvatarsListed, .flag, pessimistic: true,
      "Whether the v4 avatar list has uploaded avatars that are not at status 3.", "§2.4"),
    .assumption(
      "available_tells_occupancy", \.availableTellsOccupancy, .flag, pessimistic: false,
      "Whether available is false while the avatar is occupied; otherwise it is always true.", "§2.4"),
    .assumption(
      "avatar_detail_has_available", \.avatarDetailHasAvailable, .flag,
      "Whether the v4 avatar detail has available: the table has it, the sample does not.", "§2.5, §10"),
    .assumption(
      "unknown_avatar_code", \.unknownAvatarCode, .businessCode, "The code for an avatar that does not exist.",
      "§2.5, §9"),
  ]
}
