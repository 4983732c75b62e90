import AkoolCore
import AkoolSimulator
import HTTPTypes
import NIOCore

extension SimulatedRequest {
  /// A request as it came over HTTP; HTTP/2's `:authority` becomes `host`.
  init(_ head: HTTPTypes.HTTPRequest, body: ByteBuffer, scheme: String, connection: UInt64) {
    var headers = head.headerFields.map { HTTPHeader($0.name.canonicalName, $0.value) }
    if let authority = head.authority { headers.insert(HTTPHeader("host", authority), at: 0) }
    self.init(
      method: head.method.rawValue, target: head.path ?? "/", headers: headers, body: Array(body.readableBytesView),
      connection: connection)
    origin = header("host").map { "\(scheme)://\($0)" }
  }
}

extension HTTPTypes.HTTPRequest {
  /// Whether the client waits for a word before it sends its body.
  var expectsContinue: Bool { headerFields[.expect]?.lowercased() == "100-continue" }
}
