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
}
