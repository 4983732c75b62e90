/// One live session with its price.
struct Session {
  /// How a session came to its end.
  enum EndReason: String {
    /// By session/close.
    case closed
    /// By session/close of a client that the simulator plays itself.
    case closedByForeign = "closed_by_foreign"
    case expired
    case failed
  }

  let id: String
  let uid: Int64
  let avatarID: String
  let duration: Milliseconds
  /// Settings that its room begins with.
  let settings: RoomSettings
  let openedAt: Milliseconds
  let credentials: JoinCredentials
  /// Whether a client opened it that the simulator plays itself.
  let isForeign: Bool
  /// The request that opened it.
  let openingRequest: Int64?
  /// The price of a second when it was opened.
  let rate: Credit
  let charged: Credit

  var closeRequestedAt: Milliseconds?
  var closingRequest: Int64?
  var endedAt: Milliseconds?
  var endReason: EndReason?
  /// What is to be given back, from the end of the session on.
  var refundDue = Credit.zero
  /// What has been given back.
  var refunded = Credit.zero

  var expiresAt: Milliseconds { openedAt + duration }
  var isOpen: Bool { endedAt == nil }
  var refundPending: Credit { refundDue - refunded }

  /// 1 queueing, 2 processing, 3 completed, 4 failed.
  func status(at time: Milliseconds, _ options: SimulatorOptions) -> Int64 {
    if let endedAt, endedAt <= time { return endReason == .failed ? 4 : 3 }
    if options.statusStaysQueueing { return 1 }
    return hasBegun(at: time, options) ? 2 : 1
  }

  /// True once the avatar has joined, whatever the status shows.
  func hasBegun(at time: Milliseconds, _ options: SimulatorOptions) -> Bool {
    time >= openedAt + .seconds(options.joinSeconds)
  }
}
