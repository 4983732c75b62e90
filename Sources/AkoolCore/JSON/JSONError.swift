/// Why a text is not JSON that this library takes.
public struct JSONError: Error, Sendable, Equatable {
  /// What is wrong, in one line. Quotes a number that is out of range, and no other part of the text.
  public let message: String
  /// Where, as an offset in bytes from the start of the text.
  public let offset: Int
}
