internal import AkoolCore

/// A reply of the simulated service that has not been delivered yet.
final class SimulatorTransfer: Transfer {
  private let loop: EventLoop
  private var timer: LoopTimer?

  init(_ loop: EventLoop) { self.loop = loop }

  func schedule(afterMilliseconds delay: Int64, _ action: @escaping () -> Void) {
    timer = loop.schedule(afterMilliseconds: delay) { [weak self] in
      self?.timer = nil
      action()
    }
  }

  /// The world has handled the request long since.
  @discardableResult func cancel() -> Delivery {
    if let timer { loop.cancel(timer) }
    timer = nil
    return .maybeSent
  }
}
