import Foundation

@testable import AkoolCore

/// What callbacks saw, for any thread.
final class OrderLog: @unchecked Sendable {
  private let lock = NSLock()
  private var numbers: [UInt64] = []
  private var lines: [String] = []
  private var seenThreads: Set<UInt> = []

  func add(_ number: UInt64) {
    lock.withLock {
      numbers.append(number)
      seenThreads.insert(UInt(pthread_self()))
    }
  }
  func add(_ line: String) { lock.withLock { lines.append(line) } }
  var values: [UInt64] { lock.withLock { numbers } }
  var texts: [String] { lock.withLock { lines } }
  var threads: Set<UInt> { lock.withLock { seenThreads } }
}

/// The codes of what was tried.
final class CodeLog: @unchecked Sendable {
  private let lock = NSLock()
  private var codes: [ResultCode] = []

  func run(_ action: () throws -> Void) {
    var code = ResultCode.ok
    do { try action() } catch { code = (error as? AkoolError)?.code ?? .internal }
    lock.withLock { codes.append(code) }
  }
  var values: [ResultCode] { lock.withLock { codes } }
}
