internal import AkoolCore

/// The AKOOL service, simulated: accounts, credit, avatars and sessions that live through simulated time.
///
/// Not thread-safe; `SimulatedWorld` is.
///
/// ```swift
/// let service = SimulatedService(options: try SimulatorOptions(json: ["time": "stepped"]))
/// let reply = service.handle(
///   SimulatedRequest(
///     method: "GET", target: "/api/open/v3/faceswap/quota/info", headers: [HTTPHeader("x-api-key", "simulator")]))
/// ```
public final class SimulatedService {
  private let source: () -> Int64
  /// Those it was made with, or started over with.
  private(set) var initialOptions: SimulatorOptions
  var clock: SimulatedClock
  var model: Model
  var script: FaultScript
  var log: RequestLog

  /// A service without history.
  ///
  /// - Parameter monotonicMilliseconds: what real time is measured with; the machine's clock unless given.
  public init(options: SimulatorOptions, monotonicMilliseconds: (() -> Int64)? = nil) {
    source = monotonicMilliseconds ?? SystemTime.monotonicMilliseconds
    initialOptions = options
    clock = Self.clock(options, source)
    model = Model(options: options, now: clock.now)
    script = FaultScript(options.faults)
    log = RequestLog(capacity: options.logCapacity)
  }

  /// Starts all over.
  func reset(_ options: SimulatorOptions) {
    initialOptions = options
    clock = Self.clock(options, source)
    model = Model(options: options, now: clock.now)
    script = FaultScript(options.faults)
    log = RequestLog(capacity: options.logCapacity)
  }

  private static func clock(_ options: SimulatorOptions, _ source: @escaping () -> Int64) -> SimulatedClock {
    let start = options.startMilliseconds == 0 ? SystemTime.realMilliseconds() : options.startMilliseconds
    return SimulatedClock(
      start: start, scale: options.timeScale, isStepped: options.time == .stepped, source: source)
  }

  /// Answers a request. Whatever was due by then has happened before.
  public func handle(_ request: SimulatedRequest) -> SimulatedReply {
    catchUp()
    if Administration.isMeant(request) { return Administration.reply(self, request) }
    model.origin = request.origin ?? Model.defaultOrigin
    let route = Router.route(request)
    let fault = script.fault(for: request, operation: route?.operation, &model.random)
    let number = log.nextNumber
    log.add(LoggedRequest(request, number: number, at: model.now, operation: route?.operation, fault: fault?.json))
    return reply(request, route, fault, number)
  }

  /// Lives through what was to happen until now.
  func catchUp() {
    let now = clock.now
    while let (time, appointment) = model.agenda.next(until: now) {
      model.move(to: time)
      switch appointment {
      case .handle(let request, let fault, let number): handleLate(request, fault, number)
      case .handleDuplicate(let request, let fault, let number): handleDuplicate(request, fault, of: number)
      default: model.keep(appointment)
      }
    }
    model.move(to: now)
  }
}
