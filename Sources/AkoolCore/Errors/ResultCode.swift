/// What became of a call: the stable integers of the C interface.
///
/// `akool_result` in C. New codes may be added; existing ones never change their number or meaning.
public struct ResultCode: RawRepresentable, Sendable, Hashable {
  /// The number that C sees.
  public let rawValue: Int32

  /// Any number; `name` tells the known ones.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  private init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// The call did what it was asked to.
  public static let ok = ResultCode(0)
  /// The call, its parameters, options or configuration are wrong; nothing was sent.
  public static let invalidArgument = ResultCode(1)
  /// The handle is null, was destroyed, or belongs to another copy of the library.
  public static let badHandle = ResultCode(2)
  /// A waiting or destroying call from inside a callback of the same client.
  public static let wrongThread = ResultCode(3)
  /// No credentials, or credentials that AKOOL refuses.
  public static let unauthenticated = ResultCode(4)
  /// The account may not do this: permission, plan or ban.
  public static let forbidden = ResultCode(5)
  /// No such avatar, session, resource or request.
  public static let notFound = ResultCode(6)
  /// The identifier or name is taken.
  public static let alreadyExists = ResultCode(7)
  /// The avatar serves another session, or is being processed.
  public static let avatarBusy = ResultCode(8)
  /// AKOOL asks to slow down.
  public static let rateLimited = ResultCode(9)
  /// Credit, quota or plan limits are used up.
  public static let quotaExceeded = ResultCode(10)
  /// The session is over.
  public static let sessionEnded = ResultCode(11)
  /// AKOOL accepted the work and failed at it.
  public static let remoteFailed = ResultCode(12)
  /// The service cannot be reached or does not work at present.
  public static let unavailable = ResultCode(13)
  /// The deadline passed, or the time a wait was given.
  public static let timeout = ResultCode(14)
  /// Cancelled by the caller.
  public static let cancelled = ResultCode(15)
  /// A request that must not be repeated was sent, and no reply tells whether it was handled.
  public static let outcomeUnknown = ResultCode(16)
  /// A limit of this library or of its configuration refused the call; nothing was sent.
  public static let localLimit = ResultCode(17)
  /// The generated file is past its seven days.
  public static let resourceExpired = ResultCode(18)
  /// The reply cannot be understood.
  public static let badResponse = ResultCode(19)
  /// A local file, descriptor, thread or other resource failed.
  public static let localIO = ResultCode(20)
  /// The client is being destroyed, or the process is exiting.
  public static let shuttingDown = ResultCode(21)
  /// The handle was made before `fork`; make a new client in the child.
  public static let forked = ResultCode(22)
  /// A defect of this library.
  public static let `internal` = ResultCode(23)
}

extension ResultCode {
  /// One line of the table of codes.
  public struct Entry: Sendable {
    /// The code.
    public let code: ResultCode
    /// Its name in JSON; the C constant is `AKOOL_OK`, or this behind `AKOOL_ERR_`.
    public let name: StaticString
    /// What it means, in one sentence.
    public let summary: String
  }

  /// Every code, in the order of the numbers.
  public static let all: [Entry] = [
    Entry(code: .ok, name: "OK", summary: "The call did what it was asked to."),
    Entry(
      code: .invalidArgument, name: "INVALID_ARGUMENT",
      summary: "The call, its parameters, options or configuration are wrong; nothing was sent."),
    Entry(
      code: .badHandle, name: "BAD_HANDLE",
      summary: "The handle is null, was destroyed, or belongs to another copy of the library."),
    Entry(
      code: .wrongThread, name: "WRONG_THREAD",
      summary: "A waiting or destroying call from inside a callback of the same client."),
    Entry(
      code: .unauthenticated, name: "UNAUTHENTICATED",
      summary: "No credentials, or credentials that AKOOL refuses."),
    Entry(
      code: .forbidden, name: "FORBIDDEN",
      summary: "The account may not do this: permission, plan or ban."),
    Entry(
      code: .notFound, name: "NOT_FOUND", summary: "No such avatar, session, resource or request."),
    Entry(code: .alreadyExists, name: "ALREADY_EXISTS", summary: "The identifier or name is taken."),
    Entry(
      code: .avatarBusy, name: "AVATAR_BUSY",
      summary: "The avatar serves another session, or is being processed."),
    Entry(code: .rateLimited, name: "RATE_LIMITED", summary: "AKOOL asks to slow down."),
    Entry(
      code: .quotaExceeded, name: "QUOTA_EXCEEDED",
      summary: "Credit, quota or plan limits are used up."),
    Entry(code: .sessionEnded, name: "SESSION_ENDED", summary: "The session is over."),
    Entry(
      code: .remoteFailed, name: "REMOTE_FAILED", summary: "AKOOL accepted the work and failed at it."),
    Entry(
      code: .unavailable, name: "UNAVAILABLE",
      summary: "The service cannot be reached or does not work at present."),
    Entry(
      code: .timeout, name: "TIMEOUT", summary: "The deadline passed, or the time a wait was given."),
    Entry(code: .cancelled, name: "CANCELLED", summary: "Cancelled by the caller."),
    Entry(
      code: .outcomeUnknown, name: "OUTCOME_UNKNOWN",
      summary: "A request that must not be repeated was sent, and no reply tells whether it was handled."),
    Entry(
      code: .localLimit, name: "LOCAL_LIMIT",
      summary: "A limit of this library or of its configuration refused the call; nothing was sent."),
    Entry(
      code: .resourceExpired, name: "RESOURCE_EXPIRED",
      summary: "The generated file is past its seven days."),
    Entry(code: .badResponse, name: "BAD_RESPONSE", summary: "The reply cannot be understood."),
    Entry(
      code: .localIO, name: "LOCAL_IO",
      summary: "A local file, descriptor, thread or other resource failed."),
    Entry(
      code: .shuttingDown, name: "SHUTTING_DOWN",
      summary: "The client is being destroyed, or the process is exiting."),
    Entry(
      code: .forked, name: "FORKED",
      summary: "The handle was made before fork; make a new client in the child."),
    Entry(code: .internal, name: "INTERNAL", summary: "A defect of this library."),
  ]

  /// The name of a known code; of another one, `UNKNOWN`.
  public var staticName: StaticString {
    let index = Int(rawValue)
    return Self.all.indices.contains(index) ? Self.all[index].name : "UNKNOWN"
  }

  /// The name as JSON carries it in `error.code`.
  public var name: String { "\(staticName)" }
}
