/// How a front has to bring a reply to the client.
public struct SimulatedDelivery: Sendable, Equatable {
  /// What of the reply goes out, and how.
  public enum Form: Sendable, Equatable {
    /// All of it, at once.
    case complete
    /// None of it: the connection is reset instead.
    case reset
    /// The header with the full length and this many bytes of the body, then the connection is reset.
    case truncated(bodyBytes: Int)
    /// The header at once, then the body byte by byte with this pause (real time) before each.
    case dripped(millisecondsPerByte: Int64)
    /// None of it, and the connection stays open until the client gives up.
    case withheld
  }

  /// Real time to wait before anything of `form` happens. The request has been handled by then.
  public var delayMilliseconds: Int64
  /// What happens after the delay.
  public var form: Form

  /// Immediate and complete, unless told otherwise.
  public init(delayMilliseconds: Int64 = 0, form: Form = .complete) {
    self.delayMilliseconds = delayMilliseconds
    self.form = form
  }
}
