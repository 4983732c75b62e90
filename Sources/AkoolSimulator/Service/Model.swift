internal import AkoolCore

/// The state of the service; its behaviour is in extensions, one a concept.
///
/// Handlers see `now`, which the service moves from one appointment to the next, so that what happens at an
/// instant happens as of that instant however late it is noticed.
final class Model {
  var options: SimulatorOptions
  var random: RandomSource
  var ids: ObjectIDSource
  var accounts: Accounts
  var tokens = Tokens()
  var avatars = Avatars()
  var sessions = Sessions()
  /// What is being said in the sessions, by their ids.
  var rooms: [String: Room] = [:]
  var knowledge: KnowledgeBases
  var voices = OfficialVoices.all
  var recordings: [Recording] = []
  /// What programs are told; all of them, also those that were sent.
  var webhooks: [Webhook] = []
  /// Where the service was last addressed, for links to its files.
  var origin = Model.defaultOrigin
  var agenda = Agenda<Appointment>()
  private(set) var now: Milliseconds

  init(options: SimulatorOptions, now: Milliseconds) {
    self.options = options
    self.now = now
    random = RandomSource(seed: options.seed)
    ids = ObjectIDSource(&random)
    accounts = Accounts(options)
    knowledge = KnowledgeBases(mainUID: options.uid)
  }

  /// Time never goes back.
  func move(to time: Milliseconds) { now = max(now, time) }

  /// Does what an appointment says, but for requests, which are the service's.
  func keep(_ appointment: Appointment) {
    switch appointment {
    case .expire(let index): end(index, .expired)
    case .finishClosing(let index, let reason): end(index, reason)
    case .fail(let index): end(index, .failed)
    case .refund(let index): payRefund(index)
    case .tell(let url, let id, let uid, let status): tell(url, id, uid, status: status)
    case .handle, .handleDuplicate: break
    }
  }
}
