/// AKOOL's business codes and what they mean for a caller.
struct AkoolCode: Sendable {
  let code: Int64
  let result: ResultCode
  /// AKOOL's meaning, in our words.
  let meaning: String
  /// What to do about it.
  let hint: String
  /// Whether the same call may succeed later.
  var isRetryable = false

  static let success: Int64 = 1000

  static func find(_ code: Int64) -> AkoolCode? { byCode[code] }

  /// Only the words show that some refusals mean a busy avatar.
  static func find(_ code: Int64, saying text: String?) -> AkoolCode? {
    find(text.map { ShortText.holds("lock_session", in: $0) } == true ? avatarBusy : code)
  }

  private static let avatarBusy: Int64 = 1215

  private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

  static let all: [AkoolCode] = general + account + media + liveAvatar + knowledge

  private static let general = [
    AkoolCode(
      code: 1003, result: .invalidArgument, meaning: "a parameter is wrong or missing",
      hint: "Compare the parameters with akool_describe; AKOOL does not say which one it means."),
    AkoolCode(
      code: 1004, result: .forbidden, meaning: "the account has to be verified",
      hint: "Verify the account at akool.com."),
    AkoolCode(
      code: 1005, result: .rateLimited, meaning: "too many requests", hint: "Send fewer requests at a time.",
      isRetryable: true),
    AkoolCode(
      code: 1006, result: .quotaExceeded, meaning: "the quota is used up",
      hint: "Raise the quota of the plan at akool.com."),
    AkoolCode(
      code: 1007, result: .invalidArgument, meaning: "more than eight faces",
      hint: "Use a picture or video with fewer faces."),
    AkoolCode(
      code: 1008, result: .notFound, meaning: "the content does not exist",
      hint: "Check the id, and that it belongs to this account."),
    AkoolCode(
      code: 1009, result: .forbidden, meaning: "no permission",
      hint: "Use an account that owns the content or has the permission."),
    AkoolCode(
      code: 1010, result: .forbidden, meaning: "the content cannot be operated on",
      hint: "Check the state of the content."),
    AkoolCode(
      code: 1011, result: .alreadyExists, meaning: "the content was already operated on",
      hint: "Read its state instead of repeating the call."),
    AkoolCode(
      code: 1013, result: .invalidArgument, meaning: "the audio of the video must be used",
      hint: "Send the video with its own audio."),
    AkoolCode(
      code: 1014, result: .notFound, meaning: "the resource does not exist",
      hint: "Check the id; generated files are kept for seven days."),
  ]

  private static let account = [
    AkoolCode(
      code: 1101, result: .unauthenticated, meaning: "the token or key is invalid or has expired",
      hint: "Check the API key or the client id and secret; an API key belongs in api_key, not in token."),
    AkoolCode(
      code: 1102, result: .unauthenticated, meaning: "no token or key was sent",
      hint: "Set api_key, token, or client_id with client_secret."),
    AkoolCode(
      code: 1103, result: .quotaExceeded, meaning: "unpaid, or the payment is overdue",
      hint: "Settle the account at akool.com."),
    AkoolCode(
      code: 1104, result: .quotaExceeded, meaning: "the credit balance is too low",
      hint: "Buy credit, or ask for a shorter duration: the whole of it is charged up front."),
    AkoolCode(
      code: 1109, result: .remoteFailed, meaning: "the account does not exist, or creating the avatar video failed",
      hint: "AKOOL uses this code for both; check the account first."),
    AkoolCode(code: 1200, result: .forbidden, meaning: "the account is banned", hint: "Contact AKOOL's support."),
    AkoolCode(
      code: 1213, result: .forbidden, meaning: "a subscription is required",
      hint: "Subscribe to a plan that includes streaming avatars."),
    AkoolCode(
      code: 1221, result: .forbidden, meaning: "the account has no subscription",
      hint: "Subscribe to a plan that includes streaming avatars."),
  ]

  private static let media = [
    AkoolCode(code: 1015, result: .remoteFailed, meaning: "processing the video failed", hint: "Try another video."),
    AkoolCode(code: 1016, result: .remoteFailed, meaning: "the face swap failed", hint: "Try another picture."),
    AkoolCode(
      code: 1017, result: .remoteFailed, meaning: "the audio was not created",
      hint: "Try again with another text or voice."),
    AkoolCode(
      code: 1105, result: .remoteFailed, meaning: "processing the avatar failed",
      hint: "Try another video: about a minute, one face, little head movement."),
    AkoolCode(code: 1108, result: .remoteFailed, meaning: "processing the image failed", hint: "Try another image."),
    AkoolCode(
      code: 1110, result: .remoteFailed, meaning: "processing the audio failed", hint: "Try another audio file."),
    AkoolCode(
      code: 1111, result: .remoteFailed, meaning: "the call-back of the avatar's processing failed", hint: "Try again.",
      isRetryable: true),
    AkoolCode(code: 1112, result: .remoteFailed, meaning: "processing the voice failed", hint: "Try another voice."),
    AkoolCode(
      code: 1201, result: .remoteFailed, meaning: "creating the audio failed", hint: "Try again later.",
      isRetryable: true),
    AkoolCode(
      code: 1202, result: .alreadyExists, meaning: "the video was already lip-synced in this language",
      hint: "Use the earlier result."),
    AkoolCode(code: 1203, result: .invalidArgument, meaning: "the video has no audio", hint: "Use a video with audio."),
    AkoolCode(
      code: 1204, result: .invalidArgument, meaning: "the video is longer than allowed",
      hint: "Use a video of at most 60 seconds."),
    AkoolCode(code: 1205, result: .remoteFailed, meaning: "creating the video failed", hint: "Try another video."),
    AkoolCode(
      code: 1206, result: .remoteFailed, meaning: "changing the background failed", hint: "Try another background."),
    AkoolCode(
      code: 1207, result: .invalidArgument, meaning: "the video is larger than 300 MB", hint: "Use a smaller file."),
    AkoolCode(
      code: 1208, result: .remoteFailed, meaning: "the video cannot be parsed",
      hint: "Check that the URL is a direct link to a video."),
    AkoolCode(
      code: 1209, result: .invalidArgument, meaning: "the video's encoding is not supported",
      hint: "Encode the video as H.264."),
    AkoolCode(
      code: 1210, result: .invalidArgument, meaning: "the video has more than 60 frames per second",
      hint: "Use at most 60 frames per second."),
    AkoolCode(
      code: 1211, result: .remoteFailed, meaning: "creating the lip sync failed", hint: "Try another video or audio."),
    AkoolCode(
      code: 1212, result: .remoteFailed, meaning: "the sentiment analysis failed", hint: "Try again.", isRetryable: true
    ),
  ]

  private static let liveAvatar = [
    AkoolCode(
      code: 1214, result: .avatarBusy, meaning: "the avatar is in processing",
      hint: "Wait for the avatar to be free, or take another one.", isRetryable: true),
    AkoolCode(
      code: 1215, result: .avatarBusy, meaning: "the avatar is busy",
      hint: "An avatar serves one session at a time: close the other one, wait, or take another avatar.",
      isRetryable: true),
    AkoolCode(
      code: 1216, result: .notFound, meaning: "the session does not exist",
      hint: "Check the session id; it may have been over for long."),
    AkoolCode(
      code: 1217, result: .remoteFailed, meaning: "the avatar's call-back failed", hint: "Open another session."),
    AkoolCode(
      code: 1218, result: .avatarBusy, meaning: "the avatar failed at processing",
      hint: "Mostly the avatar is occupied: wait, or take another one.", isRetryable: true),
    AkoolCode(code: 1219, result: .sessionEnded, meaning: "the session is closed", hint: "Open another session."),
    AkoolCode(
      code: 1220, result: .remoteFailed, meaning: "uploading the avatar failed",
      hint: "Check that the video's URL can be fetched by anybody."),
    AkoolCode(
      code: 1222, result: .alreadyExists, meaning: "the avatar_id exists already",
      hint: "Choose another avatar_id, or use the existing avatar."),
    AkoolCode(
      code: 1223, result: .quotaExceeded, meaning: "no more avatars can be uploaded",
      hint: "Delete an avatar at akool.com, or raise the plan."),
  ]

  private static let knowledge = [
    AkoolCode(
      code: 1232, result: .notFound, meaning: "the knowledge base does not exist",
      hint: "Check the id, and that it belongs to this team."),
    AkoolCode(
      code: 1233, result: .alreadyExists, meaning: "a knowledge base has this name already",
      hint: "Choose another name."),
    AkoolCode(
      code: 1234, result: .remoteFailed, meaning: "creating the knowledge base failed",
      hint: "Check the documents' URLs, sizes and formats."),
    AkoolCode(
      code: 1235, result: .remoteFailed, meaning: "updating the knowledge base failed",
      hint: "Check the documents' URLs, sizes and formats."),
    AkoolCode(
      code: 1236, result: .remoteFailed, meaning: "reading the knowledge base failed", hint: "Try again.",
      isRetryable: true),
  ]
}
