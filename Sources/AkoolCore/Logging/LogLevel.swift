/// How much a client logs.
public enum LogLevel: Int32, Sendable, CaseIterable {
  /// Nothing.
  case off = 0
  /// What makes calls fail that should not.
  case error = 1
  /// What a person should look at.
  case warning = 2
  /// What the client does: sessions, tokens.
  case info = 3
  /// Every attempt of every call.
  case debug = 4

  /// The name as log records carry it.
  public var name: String {
    switch self {
    case .off: return "off"
    case .error: return "error"
    case .warning: return "warning"
    case .info: return "info"
    case .debug: return "debug"
    }
  }

  /// What is logged at this level, in one sentence.
  public var summary: String {
    switch self {
    case .off: return "Nothing."
    case .error: return "What makes calls fail that should not."
    case .warning: return "Also what a person should look at."
    case .info: return "Also what the client does: sessions, tokens."
    case .debug: return "Also every attempt of every call."
    }
  }
}
