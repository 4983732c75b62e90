/// The reserved place of one reply. The mailbox's lock guards it.
final class RequestSlot {
  enum Stage {
    case running
    /// A cancel was passed on to the loop.
    case cancelling
    /// `at` is Unix time in milliseconds.
    case replied(Reply, at: Int64)
    /// The reply was handed out.
    case taken
    /// A caller returned at the slot's own deadline. The slot counts as open until the loop ends the request.
    case detached
  }

  let id: UInt64
  let delivery: ReplyDelivery
  let tag: String?
  /// Set for paid requests.
  let paid: PaidProgress?
  /// Latest moment at which a thread waits for the reply, on the system's monotonic clock. Nil until it is known.
  var deadline: Instant?
  var stage = Stage.running
  /// Moment at which a cancelled request ends for its waiting threads, even if the loop hangs.
  var endOfCancel: Instant?
  /// Place of the reply in the event stream.
  var place: Int?
  /// Number of threads that wait for the reply.
  var waiters = 0
  var condition: Condition?

  init(_ id: UInt64, _ delivery: ReplyDelivery, tag: String?, deadline: Instant?, paid: PaidProgress?) {
    self.id = id
    self.delivery = delivery
    self.tag = tag
    self.deadline = deadline
    self.paid = paid
  }

  var isWaitable: Bool {
    if case .callback = delivery { return false }
    return true
  }

  var reply: Reply? { if case .replied(let reply, _) = stage { reply } else { nil } }

  /// The reply as an event.
  var event: Event {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(4)
    members.append(("request_id", .integer(Int64(clamping: id))))
    if let reply { members.append(("result", .integer(Int64(reply.result.rawValue)))) }
    if let tag { members.append(("tag", .string(tag))) }
    if let reply { members.append(("reply", reply.json)) }
    return Event(.reply, JSONObject(unique: members))
  }
}
