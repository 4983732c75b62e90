public import AkoolCore

/// One line of the table of options: what it is called, what it does, where that is known from.
public struct SimulatorOption: Sendable {
  /// Whether the option sets the scene, or stands in for a fact that the documents leave open.
  public enum Kind: String, Sendable {
    /// Of the simulation: time, accounts, scripts.
    case setup
    /// A property of AKOOL that nobody has confirmed, or on which the documents disagree.
    case assumption
  }

  /// The key in the JSON options.
  public let name: String
  /// What it does, in one sentence.
  public let summary: String
  /// The section of akool-api.md (or of this project) that it comes from.
  public let source: String
  /// Setup or assumption.
  public let kind: Kind
  /// Whether it may change while the simulation runs.
  public let isChangeable: Bool
  /// Its value in the profile `documented`, which is the default.
  public let documented: JSON
  /// Its value in the profile `pessimistic`.
  public let pessimistic: JSON
  /// The JSON Schema of its value.
  public let schema: JSON

  let read: @Sendable (SimulatorOptions) -> JSON
  let write: @Sendable (inout SimulatorOptions, JSON) throws(AkoolError) -> Void
}

extension SimulatorOption {
  /// How values of one Swift type look in JSON.
  ///
  /// A class, since the table has seventy calls that pass one: a structure would take 60 KB more of the library.
  final class Coding<Value: Sendable>: Sendable {
    let schema: JSON
    let expected: String
    let encode: @Sendable (Value) -> JSON
    /// Nil stands for the common message, a thrown error for a better one.
    let decode: @Sendable (JSON) throws(AkoolError) -> Value?

    init(
      schema: JSON, expected: String, encode: @escaping @Sendable (Value) -> JSON,
      decode: @escaping @Sendable (JSON) throws(AkoolError) -> Value?
    ) {
      self.schema = schema
      self.expected = expected
      self.encode = encode
      self.decode = decode
    }
  }

  @inline(never)
  init<Value: Sendable>(
    _ name: String, _ path: any WritableKeyPath<SimulatorOptions, Value> & Sendable, _ coding: Coding<Value>,
    pessimistic: Value? = nil, kind: Kind, isChangeable: Bool = true, _ summary: String, source: String
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.kind = kind
    self.isChangeable = isChangeable
    let documented = SimulatorOptions()[keyPath: path]
    self.documented = coding.encode(documented)
    self.pessimistic = coding.encode(pessimistic ?? documented)
    schema = coding.schema
    read = { coding.encode($0[keyPath: path]) }
    write = { (options, value) throws(AkoolError) in
      guard let decoded = try coding.decode(value) else { throw .option(name, mustBe: coding.expected) }
      options[keyPath: path] = decoded
    }
  }
}

extension AkoolError {
  static func option(_ name: String, mustBe expected: String) -> AkoolError {
    AkoolError(.invalidArgument, "simulator option \"\(name)\" must be \(expected)")
  }
}
