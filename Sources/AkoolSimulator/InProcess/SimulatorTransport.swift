public import AkoolCore

/// Carries requests to a simulated service in this process: no server, no network, no key.
public final class SimulatorTransport: Transport {
  /// Always true here.
  public let isSimulated = true
  /// There are no connections to be made.
  public let readyConnections = Int.max
  /// Never called here.
  public var onReadyConnection: (() -> Void)?

  private let world: SimulatedWorld
  private let loop: EventLoop
  /// By the order of their start.
  private var transfers: [UInt64: SimulatorTransfer] = [:]
  private var lastTransfer: UInt64 = 0

  /// A transport of one loop to one world; worlds may have many transports.
  public init(world: SimulatedWorld, loop: EventLoop) {
    self.world = world
    self.loop = loop
  }

  /// Handles the request at once, and completes as the reply's delivery says.
  public func start(
    _ request: HTTPRequest, completion: @escaping (TransferOutcome) -> Void
  ) -> any Transfer {
    let reply = world.handle(Self.simulated(request))
    let transfer = SimulatorTransfer(loop)
    guard let (delay, outcome) = Self.outcome(of: reply, to: request.method) else { return transfer }
    lastTransfer += 1
    let number = lastTransfer
    transfers[number] = transfer
    transfer.schedule(afterMilliseconds: delay) { [weak self] in
      self?.transfers[number] = nil
      completion(outcome)
    }
    return transfer
  }

  /// Cancels what is under way. The world lives on.
  public func shutDown() {
    for number in transfers.keys.sorted() { transfers[number]?.cancel() }
    transfers.removeAll()
  }

  private static func simulated(_ request: HTTPRequest) -> SimulatedRequest {
    SimulatedRequest(
      method: request.method, target: target(request.url), headers: request.headers, body: request.body ?? [])
  }

  /// Path and query: whatever follows the authority, or the scheme where there is no authority.
  static func target(_ url: String) -> String {
    guard let colon = url.firstIndex(of: ":") else { return url }
    var rest = url[url.index(after: colon)...]
    if rest.hasPrefix("//") { rest = rest.dropFirst(2) }
    guard let slash = rest.firstIndex(of: "/") else { return "/" }
    return String(rest[slash...])
  }

  /// When the transfer ends, and how; nil if it never does by itself.
  private static func outcome(of reply: SimulatedReply, to method: String) -> (delay: Int64, TransferOutcome)? {
    let delay = reply.delivery.delayMilliseconds
    let response = response(reply, to: method)
    switch reply.delivery.form {
    case .complete: return (delay, .response(response))
    case .reset: return (delay, broken("the simulated connection was reset"))
    case .truncated(let count) where count < response.body.count:
      return (delay, broken("the simulated connection was reset inside the response"))
    case .truncated: return (delay, .response(response))
    case .dripped(let pause):
      return (delay &+ pause &* Int64(response.body.count), .response(response))
    case .withheld: return nil
    }
  }

  private static func broken(_ message: String) -> TransferOutcome {
    .failure(TransferFailure(.broken, message, delivery: .maybeSent))
  }

  /// Replies to HEAD and those with status 204 or 304 have no body.
  private static func response(_ reply: SimulatedReply, to method: String) -> HTTPResponse {
    if reply.status == 204 || reply.status == 304 {
      return HTTPResponse(status: reply.status, headers: reply.headers, body: [])
    }
    let length = HTTPHeader("content-length", "\(reply.body.count)")
    return HTTPResponse(
      status: reply.status, headers: reply.headers + [length], body: method == "HEAD" ? [] : reply.body)
  }
}
