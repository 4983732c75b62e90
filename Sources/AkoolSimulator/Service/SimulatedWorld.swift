internal import AkoolCore

/// A simulated service that several threads share.
public final class SimulatedWorld: Sendable {
  private let service: Locked<SimulatedService>

  /// A world without history.
  public init(options: SimulatorOptions) {
    service = Locked { SimulatedService(options: options) }
  }

  /// Answers a request, from any thread.
  public func handle(_ request: SimulatedRequest) -> SimulatedReply { withService { $0.handle(request) } }

  func withService<Result: Sendable>(_ body: (SimulatedService) -> Result) -> Result { service.withLock { body($0) } }
}
