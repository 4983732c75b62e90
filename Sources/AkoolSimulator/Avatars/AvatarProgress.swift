/// When an avatar's video gets where.
struct AvatarProgress {
  let processingAt: Milliseconds
  let doneAt: Milliseconds
  let fails: Bool

  /// Official avatars have always been ready.
  static let done = AvatarProgress(processingAt: 0, doneAt: 0, fails: false)

  /// 1 queueing, 2 processing, 3 ready, 4 failed.
  func status(at time: Milliseconds, stuckAt limit: Int64) -> Int64 {
    let status: Int64 = time < processingAt ? 1 : time < doneAt ? 2 : fails ? 4 : 3
    return limit > 0 ? min(status, limit) : status
  }
}
