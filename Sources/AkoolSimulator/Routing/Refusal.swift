/// A business error: AKOOL's number with a text.
struct Refusal: Error, Equatable {
  let code: Int64
  let message: String

  init(_ code: Int64, _ message: String) {
    self.code = code
    self.message = message
  }

  /// A parameter that is missing or wrong.
  static func parameter(_ message: String) -> Refusal { Refusal(1003, message) }
}
