/// A complete HTTP response.
public struct HTTPResponse: Sendable {
  /// The status code of the last response, after redirects.
  public var status: Int
  /// The header lines of the last response; names in lower case.
  public var headers: [HTTPHeader]
  /// The body, decoded from any transfer or content encoding.
  public var body: [UInt8]

  /// A response of these parts.
  public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of a header, by its name in lower case.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
