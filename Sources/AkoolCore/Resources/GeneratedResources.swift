/// Files that AKOOL has generated and keeps for seven days, as results name them.
struct GeneratedResource: Sendable, Equatable {
  /// How long AKOOL keeps what it generates, in milliseconds.
  static let lifetime: Int64 = 7 * 86_400_000

  let url: String
  /// When AKOOL deletes it, in Unix milliseconds.
  let expiresAt: Int64

  /// - Parameters:
  ///   - record: What else is said of it: its id tells when it was made.
  ///   - now: The server's time, in Unix milliseconds.
  init(_ url: String, of record: JSONObject, now: Int64) {
    self.url = url
    expiresAt = (Self.moment(of: record, now) ?? now) + Self.lifetime
  }

  /// True while AKOOL may still have it.
  func isThere(_ now: Int64) -> Bool { expiresAt + LedgerResource.grace > now }

  /// When a record was made: its id begins with that moment, in seconds.
  private static func moment(of record: JSONObject, _ now: Int64) -> Int64? {
    if let made = record["_id"]?.string.flatMap(ObjectID.creation), isPlausible(made, now) {
      return made
    }
    guard let made = record["create_time"]?.integer, isPlausible(made, now) else { return nil }
    return min(made, now)
  }

  /// Not before AKOOL existed, and not after today.
  private static func isPlausible(_ moment: Int64, _ now: Int64) -> Bool {
    moment > 1_577_836_800_000 && moment < now + 86_400_000
  }
}

extension Schema {
  /// Whether a value of this shape can name files that AKOOL has generated.
  var namesGenerated: Bool {
    switch self {
    case .array(let element, _), .map(let element): return element.namesGenerated
    case .object(let object): return object.fields.contains { $0.isGenerated || $0.schema.namesGenerated }
    case .either(let schemas): return schemas.contains(where: \.namesGenerated)
    case .any, .boolean, .integer, .integers, .number, .string: return false
    }
  }

  /// The generated files that a value of this shape names.
  func generated(in value: JSON, now: Int64) -> [GeneratedResource] {
    guard namesGenerated else { return [] }
    switch self {
    case .array(let element, _): return (value.array ?? []).flatMap { element.generated(in: $0, now: now) }
    case .object(let schema): return value.object.map { schema.generated(in: $0, now: now) } ?? []
    case .map(let element): return (value.object?.members ?? []).flatMap { element.generated(in: $0.value, now: now) }
    case .either(let schemas): return schemas.flatMap { $0.generated(in: value, now: now) }
    case .any, .boolean, .integer, .integers, .number, .string: return []
    }
  }
}

extension ObjectSchema {
  fileprivate func generated(in object: JSONObject, now: Int64) -> [GeneratedResource] {
    fields.flatMap { field -> [GeneratedResource] in
      guard let value = object[field.name] else { return [] }
      if field.isGenerated, let url = value.string {
        guard url.utf8.count <= ResourceOperations.longestURL, URLParts(url) != nil else { return [] }
        return [GeneratedResource(url, of: object, now: now)]
      }
      return field.schema.generated(in: value, now: now)
    }
  }
}
