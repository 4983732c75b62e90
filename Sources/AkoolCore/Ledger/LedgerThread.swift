internal import Glibc

/// Runs a ledger where it holds nobody up: on a thread of its own if it has a file, in place if it is in memory.
final class LedgerThread: @unchecked Sendable {
  // `opened` is touched on the ledger's thread alone, and without a file on the event loop alone; `hasBegun` on the
  // loop.
  private let file: String?
  private let owner: LedgerOwner
  private let worker: Worker
  private var opened: (any Ledger)?
  // Guarded by `lock`.
  private let lock = Lock()
  private var isFinishing = false

  /// Whether what is written outlives the process.
  var isDurable: Bool { file != nil }
  /// Whether anything was asked for yet. On the event loop only.
  private(set) var hasBegun = false

  init(file: String?, owner: LedgerOwner, driver: (any LoopDriver)?) {
    self.file = file
    self.owner = owner
    worker = Worker(name: "akool-ledger", driver: driver)
  }

  /// Does something with the ledger after what was asked for before. A ledger that could not be opened is tried
  /// again each time.
  ///
  /// - Parameter patience: How long to wait for other programs that write, in milliseconds.
  func run<Value: Sendable>(
    patience: Int64, _ work: @escaping @Sendable (any Ledger) throws(AkoolError) -> Value,
    _ completion: @escaping @Sendable (Result<Value, AkoolError>) -> Void
  ) {
    hasBegun = true
    let piece: @Sendable () -> Void = { [self] in
      completion(Result { () throws(AkoolError) in try work(try open(lock.withLock { isFinishing } ? 200 : patience)) })
    }
    guard isDurable else { return piece() }
    do throws(AkoolError) { try worker.run { _ in piece() } } catch { completion(.failure(error)) }
  }

  private func open(_ patience: Int64) throws(AkoolError) -> any Ledger {
    if let opened {
      opened.waitForOthers(atMost: patience)
      return opened
    }
    let ledger = try SQLiteLedger(file: file)
    try ledger.register(owner)
    opened = ledger
    return ledger
  }

  /// Ends after everything that was asked for, which now hardly waits for other programs. Nothing may be asked for any
  /// more.
  ///
  /// - Returns: False when the thread has not ended by the deadline; it is then left to itself.
  func finish(until deadline: Instant, keeping owner: any AnyObject & Sendable) -> Bool {
    guard hasBegun else { return true }
    lock.withLock { isFinishing = true }
    let closing: @Sendable () -> Void = { [self] in
      opened?.close()
      opened = nil
    }
    guard isDurable else {
      closing()
      return true
    }
    try? worker.run { _ in closing() }
    return worker.finish(until: deadline, keeping: owner)
  }
}

extension LedgerOwner {
  /// This process, as a new owner.
  static func here(_ random: inout some RandomNumberGenerator, at moment: Int64) -> LedgerOwner {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return LedgerOwner(
      id: Hexadecimal.identifier(&random), processID: Int64(getpid()), host: host, startedAt: moment)
  }
}
