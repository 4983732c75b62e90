import AkoolCore
import AkoolSimulator
import HTTPTypes

extension HTTPTypes.HTTPResponse {
  /// Headers that speak of the connection, which HTTP/2 forbids and HTTP/1.1 servers keep to themselves.
  private static let ofConnection: Set<String> = ["connection", "keep-alive", "transfer-encoding", "upgrade"]

  /// The head of a reply: what the model says, and the length of the body.
  init(_ reply: SimulatedReply) {
    var fields = HTTPFields()
    for header in reply.headers where !Self.ofConnection.contains(header.name.lowercased()) {
      guard let name = HTTPField.Name(header.name) else { continue }
      fields.append(HTTPField(name: name, value: header.value))
    }
    if reply.allowsBody { fields[.contentLength] = String(reply.body.count) }
    self.init(status: Status(code: reply.status), headerFields: fields)
  }

  /// The refusal of a request whose body is larger than any real one.
  static let bodyTooLarge = Self(status: .contentTooLarge, headerFields: [.contentLength: "0"])
}

extension SimulatedReply {
  /// Replies with these codes end with the header, whatever a rule says about a body.
  var allowsBody: Bool { status != 204 && status != 304 }
}
