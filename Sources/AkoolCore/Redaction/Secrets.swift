/// Secrets that no text of the library may contain, and their removal from texts from outside: AKOOL's messages may
/// quote the request, and a caller may put a key in the wrong place.
struct Secrets: Sendable {
  /// Text in place of a secret.
  static let mark = "[hidden]"
  /// Longer texts are cut before they are searched, so that a text from any source costs little.
  static let maximumText = 4_096

  /// Pieces of the credentials, made once.
  private var known: Set<UInt64> = []
  /// Secrets of a single call.
  private var added: [[UInt8]] = []
  /// Secrets of the client's rooms.
  private(set) var rooms: RoomSecrets?

  init() {}

  /// The credentials of a client and of its proxy.
  init(_ configuration: Configuration) {
    rooms = RoomSecrets()
    for login in Self.logins(of: configuration.network.proxy) { learn(login) }
    if let login = configuration.webhookSecret {
      learn(login.id)
      learn(login.secret)
    }
    switch configuration.credentials {
    case .apiKey(CredentialsReader.simulatorKey): break
    case .apiKey(let key): learn(key)
    case .token(let token): learn(token)
    case .client(let id, let secret):
      learn(id)
      learn(secret)
    }
  }

  /// Adds a secret that many texts will be searched for.
  mutating func learn(_ text: String) {
    SecretForms.visit(Array(text.utf8)) { known.insert($0) }
  }

  /// Adds a secret of one call.
  mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    if bytes.count >= SecretForms.shortest { added.append(bytes) }
  }

  /// The pieces of the secrets that an object names.
  static func pieces(namedIn object: JSON) -> Set<UInt64> {
    var (secrets, pieces) = (Secrets(), Set<UInt64>())
    secrets.add(namedIn: object)
    for secret in secrets.added { SecretForms.visit(secret) { pieces.insert($0) } }
    return pieces
  }

  /// Adds the secrets of another collection.
  mutating func add(_ other: Secrets) {
    rooms = rooms ?? other.rooms
    known.formUnion(other.known)
    added += other.added
  }

  /// Returns user name and password of a proxy, also from a malformed URL: libcurl quotes a URL that it cannot parse.
  private static func logins(of proxy: String) -> [String] {
    let bytes = Array(proxy.utf8)
    guard let end = bytes.lastIndex(of: UInt8(ascii: "@")) else { return [] }
    return URLPrivacy.logins(bytes[min(end, URLPrivacy.authority(in: bytes, from: 0) ?? 0)..<end])
  }

  /// Adds the members whose names say that they are secret, at any depth: the body of a `request` has no schema. Adds
  /// passwords and signatures of URLs, too.
  mutating func add(namedIn json: JSON) {
    switch json {
    case .object(let object):
      for (name, value) in object.members {
        if Self.isSecret(name) { add(allIn: value) } else { add(namedIn: value) }
      }
    case .array(let elements): for element in elements { add(namedIn: element) }
    case .string(let text) where URLPrivacy.isURL(text): add(inURL: Array(text.utf8))
    default: break
    }
  }

  private mutating func add(inURL url: [UInt8]) {
    for login in URLPrivacy.logins(in: url) { add(login) }
    for (name, value) in URLPrivacy.parameters(of: url)
    where Self.isSecret(name) || URLPrivacy.mayBeSignature(value) { add(value) }
  }

  private mutating func add(allIn json: JSON) {
    switch json {
    case .string(let text), .decimal(let text): add(text)
    case .integer(let number): add(String(number))
    case .object(let object): for (_, value) in object.members { add(allIn: value) }
    case .array(let elements): for element in elements { add(allIn: element) }
    default: break
    }
  }

  private static let secretNames: [[UInt8]] = [
    "token", "secret", "key", "password", "passwd", "authorization", "credential", "signature", "sig", "client_id",
    "clientid", "cookie",
  ].map { Array($0.utf8) }

  /// Longest part of a name that is compared.
  private static let maximumName = 128

  private static func isSecret(_ name: String) -> Bool {
    let bytes = name.utf8.prefix(maximumName).map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    return secretNames.contains { part in
      bytes.count >= part.count
        && (0...(bytes.count - part.count)).contains { bytes[$0..<$0 + part.count].elementsEqual(part) }
    }
  }

  // MARK: Taking them out

  /// The text without secrets, and without the user names, passwords and queries of its URLs, where signatures are.
  func concealed(_ text: String) -> String {
    var batch = Batch(self)
    let number = batch.add(text)
    batch.search()
    return batch.result(number)
  }

  func concealed(_ json: JSON) -> JSON {
    var batch = Batch(self)
    batch.add(json)
    batch.search()
    return batch.result(json)
  }

  /// The values without secrets; the names are the library's.
  func concealed(valuesOf json: JSON) -> JSON {
    var batch = Batch(self)
    batch.skipsNames = true
    batch.add(json)
    batch.search()
    return batch.result(json)
  }

  func concealed(_ error: AkoolError) -> AkoolError {
    var (error, batch) = (error, Batch(self))
    let message = batch.add(error.message)
    let hint = error.hint.map { batch.add($0) }
    if let details = error.details { batch.add(details) }
    batch.search()
    error.message = batch.result(message)
    if let hint { error.hint = batch.result(hint) }
    error.details = error.details.map { batch.result($0) }
    return error
  }

  /// Texts that are searched together, so that large secrets are read once.
  private struct Batch {
    private let secrets: Secrets
    private var redaction = Redaction()
    private var texts: [String] = []
    private var next = 0
    var skipsNames = false

    init(_ secrets: Secrets) { self.secrets = secrets }

    mutating func add(_ text: String) -> Int {
      let text = Secrets.cut(text)
      texts.append(text)
      return redaction.add(text)
    }

    /// Adds all names and texts of a value, in order.
    mutating func add(_ json: JSON) {
      next = texts.count
      collect(json)
    }

    private mutating func collect(_ json: JSON) {
      switch json {
      case .string(let text), .decimal(let text): _ = add(text)
      case .array(let elements): for element in elements { collect(element) }
      case .object(let object):
        for (key, value) in object.members {
          if !skipsNames { _ = add(key) }
          collect(value)
        }
      default: break
      }
    }

    mutating func search() {
      redaction.hide(secrets.known)
      for pieces in secrets.rooms?.pieces ?? [] { redaction.hide(pieces) }
      redaction.hide(piecesOf: secrets.added)
    }

    func result(_ number: Int) -> String { URLPrivacy.hidden(redaction.result(number) ?? texts[number]) }

    /// The value that `add` was given, from the results in the same order.
    mutating func result(_ json: JSON) -> JSON {
      switch json {
      case .string: return .string(take())
      case .decimal(let text):
        let shown = take()
        return shown == text ? json : .string(shown)
      case .array(let elements): return .array(elements.map { result($0) })
      case .object(let object):
        return .object(JSONObject(object.members.map { key, value in (skipsNames ? key : take(), result(value)) }))
      default: return json
      }
    }

    private mutating func take() -> String {
      defer { next += 1 }
      return result(next)
    }
  }

  /// The beginning of a long text, ended between two characters.
  private static func cut(_ text: String) -> String {
    guard text.utf8.count > maximumText else { return text }
    return String(decoding: Array(text.utf8.prefix(maximumText)), as: UTF8.self) + "…"
  }
}
