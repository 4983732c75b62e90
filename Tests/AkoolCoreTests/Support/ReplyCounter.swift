import AkoolCore
import Foundation

/// The results of requests as callbacks brought them.
final class ReplyCounter: @unchecked Sendable {
  private let lock = NSLock()
  private var results: [UInt64: [ResultCode]] = [:]

  func count(_ id: UInt64, _ reply: Reply) { lock.withLock { results[id, default: []].append(reply.result) } }
  var all: [UInt64: [ResultCode]] { lock.withLock { results } }
}
