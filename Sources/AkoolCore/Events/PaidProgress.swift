internal import CLinux

/// The fact that a paid request may have been sent, shared by the loop and the threads that wait for its reply.
final class PaidProgress: @unchecked Sendable {
  private enum Stage { static let (notSent, maySent, abandoned): (UInt, UInt, UInt) = (0, 1, 2) }

  // Read and written atomically.
  private let stage = UnsafeMutablePointer<UInt>.allocate(capacity: 1)

  init() { stage.initialize(to: Stage.notSent) }

  deinit { stage.deallocate() }

  /// True once the request was handed to the transport.
  var mayHaveBeenSent: Bool { akool_load(stage) == Stage.maySent }

  /// Marks the request as handed to the transport. Call it before each sending, on the loop's thread.
  ///
  /// - Returns: False when a caller already returned with TIMEOUT: then the request must not be sent.
  @discardableResult
  func markMaySent() -> Bool { akool_replace(stage, Stage.notSent, Stage.maySent) != Stage.abandoned }

  /// Forbids the sending of a request that was not sent yet.
  ///
  /// - Returns: True if it may have been sent.
  func abandon() -> Bool { akool_replace(stage, Stage.notSent, Stage.abandoned) == Stage.maySent }
}
