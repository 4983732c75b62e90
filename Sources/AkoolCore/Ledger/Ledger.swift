/// Where clients write down which sessions they opened, so that none is lost when a process dies.
///
/// Several processes share one. All of it runs on the ledger's own thread, one call at a time; every change is
/// durable when its function returns. Errors are LOCAL_IO. It never holds a secret.
protocol Ledger: AnyObject {
  /// Whether what is written outlives the process.
  var isDurable: Bool { get }

  /// Enters the client that is going to write.
  func register(_ owner: LedgerOwner) throws(AkoolError)
  /// Takes out an owner that has left nothing open.
  func unregister(_ owner: String) throws(AkoolError)
  /// Makes what owners whose process is gone left open on an account the property of another, in one step: of
  /// several who try, one gets it.
  func takeOver(_ account: String, by owner: String) throws(AkoolError) -> LedgerEstate

  /// Writes an intent down, if the limits allow it: in one step for all who share the ledger, first come first
  /// served.
  ///
  /// - Parameters:
  ///   - ticket: The place in the queue from an earlier answer.
  ///   - lost: An intent that this one takes the place of; it counts no more.
  ///   - now: The server's time, in Unix milliseconds.
  func reserve(
    _ intent: LedgerIntent, _ limits: SpendLimits, ticket: Int64?, replacing lost: String?, now: Int64
  ) throws(AkoolError) -> LedgerReservation
  /// Gives up a place in the queue.
  func withdraw(ticket: Int64) throws(AkoolError)

  /// The intent became this session.
  func settle(_ session: LedgerSession) throws(AkoolError)
  /// The intent became something else.
  func resolve(intent: String, _ state: LedgerIntent.State, until: Int64) throws(AkoolError)
  /// Intents of an account of which nobody knows yet what became of them.
  func openIntents(_ account: String) throws(AkoolError) -> [LedgerIntent]

  /// Sessions of an account that are not over, of all owners.
  func openSessions(_ account: String) throws(AkoolError) -> [LedgerSession]
  /// Those of the ids that are known, and whether their process still runs.
  func owners(_ ids: Set<String>) throws(AkoolError) -> [(owner: LedgerOwner, isAlive: Bool)]
  /// A session, open or over.
  func session(_ id: String) throws(AkoolError) -> LedgerSession?
  /// Those of the ids that the ledger knows, open or over.
  func known(_ ids: [String]) throws(AkoolError) -> Set<String>
  /// A close is wanted: from here on it will be closed, whatever happens.
  func beginClosing(_ id: String) throws(AkoolError)
  /// A session is over. What is over already, or not known, stays as it is.
  func end(_ id: String, _ end: LedgerEnd) throws(AkoolError)
  /// Somebody is still there: at a moment of the server's clock, in Unix milliseconds.
  func beat(_ id: String, at moment: Int64) throws(AkoolError)

  /// Sessions opened from one moment to another, in Unix milliseconds, summed up by day, avatar, tag and outcome.
  func report(_ account: String, from: Int64, to: Int64) throws(AkoolError) -> [LedgerReportRow]

  /// Enters files that AKOOL has generated, in one step, and tells which of the account's are not saved yet. Of
  /// known ones the earlier end holds; what is long past its end counts as gone.
  func dueResources(
    of account: String, adding resources: [LedgerResource], now: Int64
  ) throws(AkoolError) -> [LedgerResource]
  /// A file is saved: it is entered if it was not known.
  func saved(_ resource: LedgerResource, _ copy: LedgerResource.Copy) throws(AkoolError)
  /// A file is not there any more.
  func expired(_ address: String, of account: String) throws(AkoolError)
  /// The files of an account, the one that ends first being the first.
  func resources(of account: String) throws(AkoolError) -> [LedgerResource]

  /// How long a change waits for others who write, in milliseconds.
  func waitForOthers(atMost milliseconds: Int64)
  /// Closes files and lets go of the owner's lock.
  func close()
}
