public import AkoolCore

/// One HTTP request, as both fronts hand it to the model.
public struct SimulatedRequest: Sendable {
  /// One `name=value` of the query, both percent-decoded.
  public typealias QueryItem = (name: String, value: String)

  /// `GET`, `POST`, …
  public var method: String
  /// The path, percent-decoded, without query.
  public var path: String
  /// The query in its order.
  public var query: [QueryItem]
  /// The header lines; names in lower case.
  public var headers: [HTTPHeader]
  /// The body; empty for none.
  public var body: [UInt8]
  /// Where the client found the service, such as `https://127.0.0.1:8443`, for links that lead back; nil in process.
  public var origin: String?
  /// Which connection it came on, for the request log; nil in process.
  public var connection: UInt64?

  /// A request of these parts.
  ///
  /// - Parameter target: path and query as on the request line, such as `/api/open/v3/avatar/detail?id=66a1`.
  public init(
    method: String, target: String, headers: [HTTPHeader] = [], body: [UInt8] = [], connection: UInt64? = nil
  ) {
    let (path, query) = RequestTarget.split(target)
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers.map { HTTPHeader($0.name.lowercased(), $0.value) }
    self.body = body
    self.connection = connection
  }

  /// The value of a header by its name in lower case.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// The first value of a query item.
  public func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
