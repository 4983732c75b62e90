/// Ends long work on a caller's values: at the deadline of a call without a client, or when the loop does not wait
/// for the work any more.
struct WorkStop: Sendable {
  private let flag: CancelFlag?
  private let deadline: Instant?
  private let timeout: Int64

  /// Work that is too short to be ended.
  static let never = WorkStop(flag: nil)

  init(flag: CancelFlag?) {
    self.flag = flag
    deadline = nil
    timeout = 0
  }

  init(timeout: Int64) {
    flag = nil
    deadline = Instant.now.adding(milliseconds: timeout)
    self.timeout = timeout
  }

  /// Ends the work, at one step of so many.
  func check(every stride: Int, _ step: Int) throws(AkoolError) {
    guard step.isMultiple(of: stride) else { return }
    if flag?.isSet == true { throw Interruption.cancelled.error(during: "working on the parameters", timeout: 0) }
    guard let deadline, Instant.now >= deadline else { return }
    throw Interruption.deadline.error(during: "working on the parameters", timeout: timeout)
  }
}
