/// What a JSON value has to look like. Validates values and describes itself as JSON Schema.
public indirect enum Schema: Sendable {
  /// Anything.
  case any
  /// `true` or `false`.
  case boolean
  /// An integer within limits.
  case integer(minimum: Int64? = nil, maximum: Int64? = nil)
  /// One of these integers.
  case integers(of: [Int64])
  /// A number within limits; `above` is an excluded lower limit.
  case number(minimum: Double? = nil, above: Double? = nil, maximum: Double? = nil)
  /// A text within rules.
  case string(StringRule = StringRule())
  /// Elements of one kind.
  case array(of: Schema, maximumCount: Int? = nil)
  /// Named members.
  case object(ObjectSchema)
  /// Members with any name, of one kind.
  case map(of: Schema)
  /// One of several kinds, in words for the message.
  case either([Schema])

  /// Any text. A constant takes less code at each of its many places.
  static let text = Schema.string(StringRule())
  /// Any integer.
  static let anyInteger = Schema.integer(minimum: nil, maximum: nil)
}

/// The rules for a text.
public struct StringRule: Sendable {
  /// A named form of text.
  public enum Form: String, Sendable {
    /// An `http://` or `https://` address.
    case url
    /// 24 hexadecimal digits.
    case objectID = "object_id"
    /// Letters and digits of ASCII only.
    case alphanumeric
    /// A path that begins with a slash.
    case path
    /// The name of an HTTP method.
    case method
  }

  /// The fewest characters.
  public var minimumLength: Int
  /// The most characters.
  public var maximumLength: Int?
  /// The only values there are.
  public var values: [String]?
  /// The form.
  public var form: Form?
  /// Whether an empty text passes in any case: it counts as not given.
  public var isOptional: Bool

  /// Rules of these parts.
  public init(
    minimumLength: Int = 0, maximumLength: Int? = nil, values: [String]? = nil, form: Form? = nil,
    isOptional: Bool = false
  ) {
    self.minimumLength = minimumLength
    self.maximumLength = maximumLength
    self.values = values
    self.form = form
    self.isOptional = isOptional
  }
}

/// The members of an object.
public struct ObjectSchema: Sendable {
  /// The known members.
  public var fields: [Field]
  /// Whether members that are not listed are allowed: true for what a server sends.
  public var isOpen: Bool

  /// An object of these members.
  public init(_ fields: [Field] = [], isOpen: Bool = false) {
    self.fields = fields
    self.isOpen = isOpen
  }

  /// The field of this name, compared byte by byte as in objects.
  public func field(_ name: String) -> Field? { fields.first { $0.name.isSame(as: name) } }
}

/// One member of an object.
///
/// A class: there are hundreds of declarations, and each takes less code with a reference than with a structure.
public final class Field: Sendable {
  /// The key.
  public let name: String
  /// What it means, with its unit.
  public let summary: String
  /// What it has to look like.
  public let schema: Schema
  /// True where it must be there.
  public let isRequired: Bool
  /// True where it must never be shown.
  public let isSecret: Bool
  /// True for the URL of a file that AKOOL has generated, which is gone after seven days.
  public let isGenerated: Bool
  /// What holds when it is absent.
  public let defaultValue: JSON?
  /// Where it is known from, when that differs from the whole.
  public let evidence: Evidence?
  /// The schema that libakool needs for its own work, checked in every mode of `validate`; nil where it is only sent.
  let own: Schema?

  init(
    _ name: String, _ schema: Schema, _ summary: String, isRequired: Bool = false, isSecret: Bool = false,
    isGenerated: Bool = false, defaultValue: JSON? = nil, evidence: Evidence? = nil, own: Schema? = nil
  ) {
    self.name = name
    self.summary = summary
    self.schema = schema
    self.isRequired = isRequired
    self.isSecret = isSecret
    self.isGenerated = isGenerated
    self.defaultValue = defaultValue
    self.evidence = evidence
    self.own = own
  }

  /// An optional member.
  @inline(never)
  public static func optional(_ name: String, _ schema: Schema, _ summary: String) -> Field {
    Field(name, schema, summary)
  }

  /// An optional member with a default, or known from elsewhere than the rest.
  @inline(never)
  public static func optional(
    _ name: String, _ schema: Schema, _ summary: String, default defaultValue: JSON? = nil,
    evidence: Evidence? = nil
  ) -> Field {
    Field(name, schema, summary, defaultValue: defaultValue, evidence: evidence)
  }

  /// An optional member that libakool itself uses. It is checked in every mode of `validate`.
  ///
  /// - Parameter limits: What libakool itself needs, where AKOOL allows less; by default the whole schema.
  @inline(never)
  static func own(
    _ name: String, _ schema: Schema, _ summary: String, default defaultValue: JSON? = nil,
    within limits: Schema? = nil
  ) -> Field {
    Field(name, schema, summary, defaultValue: defaultValue, own: limits ?? schema)
  }

  /// A member that is the URL of a file that AKOOL has generated.
  @inline(never)
  public static func generated(
    _ name: String, _ schema: Schema, _ summary: String, isRequired: Bool = false
  ) -> Field {
    Field(name, schema, summary, isRequired: isRequired, isGenerated: true)
  }

  /// A member that must be there.
  @inline(never)
  public static func required(_ name: String, _ schema: Schema, _ summary: String) -> Field {
    Field(name, schema, summary, isRequired: true)
  }

  /// An optional member that must never be shown.
  ///
  /// - Parameters:
  ///   - canBeEmpty: True if an empty text counts as not given.
  ///   - maximumLength: The most characters.
  @inline(never)
  public static func secret(
    _ name: String, _ summary: String, isRequired: Bool = false, canBeEmpty: Bool = false, maximumLength: Int? = nil
  ) -> Field {
    let rule = StringRule(minimumLength: canBeEmpty ? 0 : 1, maximumLength: maximumLength)
    return Field(name, .string(rule), summary, isRequired: isRequired, isSecret: true)
  }
}

/// How well a statement about the service is known.
public struct Evidence: Sendable, Equatable {
  /// The strength of a statement.
  public enum Level: String, Sendable {
    /// AKOOL's published documentation says so.
    case documented
    /// Client code or an author who ran it says so.
    case observed
    /// Nobody says so; it is our best guess.
    case assumed
  }

  /// The strength.
  public var level: Level
  /// Where it comes from: a section of `docs/api/akool-api.md`.
  public var source: String

  /// Stated by AKOOL's documentation.
  public static func documented(_ source: String) -> Evidence { Evidence(level: .documented, source: source) }
  /// Seen in client code or live.
  public static func observed(_ source: String) -> Evidence { Evidence(level: .observed, source: source) }
  /// Our guess.
  public static func assumed(_ source: String) -> Evidence { Evidence(level: .assumed, source: source) }

  var json: JSON { ["level": .string(level.rawValue), "source": .string(source)] }
}
