/// Texts that nothing the library says may hold, and the way to take them out of what others wrote: AKOOL's own
/// sentences may repeat what was sent, and a caller may put a key where it does not belong.
struct Secrets: Sendable {
  /// What stands in the place of a secret.
  static let mark = "[hidden]"
  /// Shorter texts are words like any other: hiding them would spoil messages and protect nothing.
  static let minimumLength = 6

  /// The longest first, so that no part of one is left when another is contained in it.
  private var texts: [[UInt8]] = []

  init() {}

  /// The credentials of a client, and those of its proxy.
  init(_ configuration: Configuration) {
    add(proxy: configuration.network.proxy)
    if let login = configuration.webhookSecret {
      add(login.id)
      add(login.secret)
    }
    switch configuration.credentials {
    case .apiKey(CredentialsReader.simulatorKey): break
    case .apiKey(let key): add(key)
    case .token(let token): add(token)
    case .client(let id, let secret):
      add(id)
      add(secret)
    }
  }

  /// Adds a text, also in the form that it has in a query.
  mutating func add(_ text: String) {
    for form in [text, PercentEncoding.encode(text)] {
      let bytes = Array(form.utf8)
      guard bytes.count >= Self.minimumLength, !texts.contains(bytes) else { continue }
      texts.insert(bytes, at: texts.firstIndex { $0.count < bytes.count } ?? texts.endIndex)
    }
  }

  /// However odd the text: libcurl repeats it when it cannot make sense of it.
  private mutating func add(proxy: String) {
    guard let end = proxy.lastIndex(of: "@") else { return }
    let login = proxy[..<end].split(separator: "/").last ?? ""
    add(String(login))
    for part in login.split(separator: ":") { add(String(part)) }
  }

  /// Adds the members whose names say that they are secret, at any depth: the body of a `request` has no schema.
  mutating func add(namedIn json: JSON) {
    switch json {
    case .object(let object):
      for (name, value) in object.members {
        if Self.isSecret(name) { add(allIn: value) } else { add(namedIn: value) }
      }
    case .array(let elements): for element in elements { add(namedIn: element) }
    default: break
    }
  }

  private mutating func add(allIn json: JSON) {
    switch json {
    case .string(let text): add(text)
    case .object(let object): for (_, value) in object.members { add(allIn: value) }
    case .array(let elements): for element in elements { add(allIn: element) }
    default: break
    }
  }

  private static let secretNames: [[UInt8]] = [
    "token", "secret", "key", "password", "passwd", "authorization", "credential", "signature", "sig", "client_id",
    "clientid", "cookie",
  ].map { Array($0.utf8) }

  private static func isSecret(_ name: String) -> Bool {
    let name = Array(name.lowercased().utf8)
    return secretNames.contains { !positions(of: $0, in: name).isEmpty }
  }

  // MARK: Taking them out

  /// The text without secrets, and without the user names, passwords and queries of its URLs, where signatures are.
  func concealed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result = bytes
    for secret in texts { result = Self.replacing(secret, in: result) }
    result = Self.withoutQueries(result)
    return result == bytes ? text : String(decoding: result, as: UTF8.self)
  }

  func concealed(_ json: JSON) -> JSON {
    switch json {
    case .string(let text): return .string(concealed(text))
    case .array(let elements): return .array(elements.map(concealed))
    case .object(let object):
      return .object(JSONObject(object.members.map { (concealed($0.key), concealed($0.value)) }))
    default: return json
    }
  }

  func concealed(_ error: AkoolError) -> AkoolError {
    var error = error
    error.message = concealed(error.message)
    error.hint = error.hint.map(concealed)
    error.details = error.details.map(concealed)
    return error
  }

  private static func positions(of part: [UInt8], in whole: [UInt8]) -> [Int] {
    var found: [Int] = []
    var start = 0
    while start + part.count <= whole.count {
      if whole[start] == part[0], whole[start..<start + part.count].elementsEqual(part) {
        found.append(start)
        start += part.count
      } else {
        start += 1
      }
    }
    return found
  }

  private static func replacing(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    let found = positions(of: secret, in: bytes)
    if found.isEmpty { return bytes }
    var result: [UInt8] = []
    var copied = 0
    for position in found {
      result += bytes[copied..<position]
      result += mark.utf8
      copied = position + secret.count
    }
    return result + bytes[copied...]
  }

  private static func withoutQueries(_ bytes: [UInt8]) -> [UInt8] {
    let schemes = positions(of: Array("://".utf8), in: bytes)
    if schemes.isEmpty { return bytes }
    var result: [UInt8] = []
    var copied = 0
    for scheme in schemes where scheme + 3 >= copied {
      let start = scheme + 3
      let end = bytes[start...].firstIndex(where: endsURL) ?? bytes.endIndex
      let authorityEnd = bytes[start..<end].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? end
      result += bytes[copied..<start]
      copied = start
      if let at = bytes[start..<authorityEnd].lastIndex(of: UInt8(ascii: "@")) {
        result += mark.utf8
        copied = at
      }
      if let query = bytes[copied..<end].firstIndex(of: UInt8(ascii: "?")) {
        result += bytes[copied...query]
        result += mark.utf8
        copied = end
      }
    }
    return result + bytes[copied...]
  }

  private static func endsURL(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
  }
}
