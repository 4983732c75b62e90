/// One HTTP request, as every transport takes it.
public struct HTTPRequest: Sendable {
  /// `GET`, `POST` or `DELETE`; `request` passes others through.
  public var method: String
  /// The absolute URL, query included.
  public var url: String
  /// Names and values in the order they are sent; names are unique apart from letter case.
  public var headers: [HTTPHeader]
  /// The body, or nil for none.
  public var body: [UInt8]?
  /// True if the transport may send the request again by itself when a reused connection turns out dead.
  /// False for everything that must not happen twice: the body then goes out through a source that cannot
  /// be rewound, and no redirect is followed.
  public var isRepeatable: Bool

  /// True to connect to public addresses only: a redirect must not lead into a private network.
  public var refusesPrivateAddresses = false

  /// True if the method is HEAD, in any letter case: no body follows the reply's headers.
  var isHead: Bool {
    method.utf8.count == 4 && method.utf8.first.map { $0 | 0x20 } == 0x68 && method.lowercased() == "head"
  }

  /// A request without headers.
  public init(method: String, url: String, body: [UInt8]? = nil, isRepeatable: Bool) {
    self.method = method
    self.url = url
    self.headers = []
    self.body = body
    self.isRepeatable = isRepeatable
  }
}

/// One header line.
public struct HTTPHeader: Sendable, Equatable {
  /// The name, as it is to be sent; in responses in lower case.
  public var name: String
  /// The value, without blanks around it.
  public var value: String

  /// A header line of this name and value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
