/// A text that cannot be read as JSON, or a value that cannot be written.
public struct JSONError: Error, Sendable, Equatable {
  /// The cause, for callers that act on it.
  public enum Kind: Sendable {
    /// The text is not JSON, or not the JSON that its source may send.
    case malformed
    /// The text has more values than `JSONLimits` allows.
    case tooManyValues
    /// The text nests deeper than `JSONLimits` allows.
    case tooDeep
    /// Memory is exhausted.
    case outOfMemory
    /// A `CancelFlag` was set.
    case cancelled
  }

  /// The cause.
  public let kind: Kind
  /// The fault in one line. Quotes no part of the text, which may be a secret.
  public let message: String
  /// Offset of the fault, in bytes from the start of the text.
  public let offset: Int

  init(_ message: String, kind: Kind = .malformed, at offset: Int) {
    self.kind = kind
    self.message = message
    self.offset = offset
  }

  static func cancelled(at offset: Int = 0) -> JSONError { JSONError("cancelled", kind: .cancelled, at: offset) }
  static func outOfMemory(at offset: Int = 0) -> JSONError {
    JSONError("out of memory", kind: .outOfMemory, at: offset)
  }
}
