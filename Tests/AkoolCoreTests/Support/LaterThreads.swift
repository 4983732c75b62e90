import Foundation

@testable import AkoolCore

/// New threads. The system likes to give them the numbers of threads that have just ended.
enum LaterThreads {
  private final class Tally: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0

    func add() { lock.withLock { number += 1 } }
    var count: Int { lock.withLock { number } }
  }

  /// In how many of four threads at a time something holds.
  static func count(_ holds: @escaping @Sendable () -> Bool) throws -> Int {
    let tally = Tally()
    let threads = try (0..<4).map { _ in try SystemThread(name: "later") { if holds() { tally.add() } } }
    for thread in threads { thread.join() }
    return tally.count
  }
}
