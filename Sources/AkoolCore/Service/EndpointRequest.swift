/// Whether a request may be sent a second time.
public enum RepeatSafety: String, Sendable {
  /// As often as one likes: it reads, or a repeat changes nothing.
  case safe
  /// Not when it may have been handled: it would happen twice.
  case once
  /// As `once`, and it costs money.
  case paid
}

/// One request to an endpoint of AKOOL. Its body is serialised where it is made: mostly on the caller's thread.
final class EndpointRequest: Sendable {
  let method: String
  let path: String
  let query: [(name: String, value: String)]
  /// Query that came with the path, as only the caller of `request` can write it.
  let queryInPath: String?
  let body: JSON?
  /// Body as it is sent.
  let payload: [UInt8]?
  let safety: RepeatSafety
  /// Path with query, as it is sent.
  let target: String

  init(
    method: String, path: String, query: [(name: String, value: String)] = [], queryInPath: String? = nil,
    body: JSON? = nil, safety: RepeatSafety
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.queryInPath = queryInPath
    self.body = body
    self.safety = safety
    payload = try? body?.encoded()
    target = Self.target(path, queryInPath, query)
  }

  static func get(_ path: String, _ query: [(name: String, value: String)] = []) -> EndpointRequest {
    EndpointRequest(method: "GET", path: path, query: query, safety: .safe)
  }

  static func post(_ path: String, _ body: JSON, _ safety: RepeatSafety) -> EndpointRequest {
    EndpointRequest(method: "POST", path: path, body: body, safety: safety)
  }

  /// Whether there was no memory for the body.
  var lacksBody: Bool { body != nil && payload == nil }

  /// Size in bytes: the measure of the work that it takes.
  var size: Int { target.utf8.count + (payload?.count ?? 0) }

  private static func target(
    _ path: String, _ queryInPath: String?, _ query: [(name: String, value: String)]
  ) -> String {
    var target = path
    var separator = "?"
    if let queryInPath {
      target += "?\(queryInPath)"
      separator = "&"
    }
    for (name, value) in query {
      target += separator
      target += PercentEncoding.encode(name)
      target += "="
      target += PercentEncoding.encode(value)
      separator = "&"
    }
    return target
  }

  /// Adds what in this request has to stay secret.
  func name(_ secrets: inout Secrets) {
    if let body { secrets.add(namedIn: body) }
    secrets.add(namedIn: .object(JSONObject(query.map { ($0.name, .string($0.value)) })))
    for part in queryInPath?.split(separator: "&") ?? [] {
      secrets.add(String(part.drop { $0 != "=" }.dropFirst()))
    }
  }
}

/// Percent-encoding of query parts (RFC 3986): everything but unreserved characters.
enum PercentEncoding {
  static func encode(_ text: String) -> String {
    var text = text
    if text.withUTF8({ $0.allSatisfy(isUnreserved) }) { return text }
    var result: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if isUnreserved(byte) {
        result.append(byte)
      } else {
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }
}
