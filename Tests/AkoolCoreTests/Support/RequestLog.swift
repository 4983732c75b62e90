import AkoolCore
import Foundation

/// The requests that a scripted transport has seen, for any thread.
final class RequestLog: @unchecked Sendable {
  private let lock = NSLock()
  private var requests: [HTTPRequest] = []

  func append(_ request: HTTPRequest) { lock.withLock { requests.append(request) } }

  var all: [HTTPRequest] { lock.withLock { requests } }
  var count: Int { all.count }

  /// The requests whose URL contains a text.
  func matching(_ text: String) -> [HTTPRequest] { all.filter { $0.url.contains(text) } }
}

extension HTTPRequest {
  /// The value of a header.
  func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

  /// The body as JSON.
  var json: JSON { (try? JSON.parse(serverBytes: body ?? [])) ?? .null }
}
