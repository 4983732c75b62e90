import AkoolCore
import AkoolSimulator
import FoundationEssentials
import HTTPTypes

/// One line for each request on standard error: time, method, path, HTTP status, AKOOL's code, and the fault if
/// the reply does not simply go out. Neither queries nor headers nor bodies, where secrets are.
struct RequestLog: Sendable {
  func add(_ request: HTTPTypes.HTTPRequest, _ reply: SimulatedReply) {
    let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let path = request.path.map { $0.prefix { $0 != "?" } } ?? "-"
    let code = (try? JSON.parse(serverBytes: reply.body))?["code"]?.integer.map(String.init) ?? "-"
    let words = [time, request.method.rawValue, String(path), String(reply.status), code] + reply.delivery.words
    StandardStream.error.write(words.joined(separator: " ") + "\n")
  }
}

extension SimulatedDelivery {
  /// What is out of the ordinary, for the log.
  fileprivate var words: [String] {
    var words = delayMilliseconds > 0 ? ["delayed \(delayMilliseconds) ms"] : []
    switch form {
    case .complete: break
    case .reset: words.append("reset")
    case .truncated(let count): words.append("truncated after \(count) bytes")
    case .dripped(let pause): words.append("dripped, \(pause) ms per byte")
    case .withheld: words.append("withheld")
    }
    return words
  }
}
