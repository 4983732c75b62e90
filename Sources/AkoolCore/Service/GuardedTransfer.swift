/// A transfer with a time limit of its own.
final class GuardedTransfer {
  private let loop: EventLoop
  private var transfer: (any Transfer)?
  private var timer: LoopTimer?

  init(_ loop: EventLoop) { self.loop = loop }

  func start(
    _ request: HTTPRequest, _ transport: any Transport, limit: Int64, _ resume: @escaping (TransferOutcome) -> Void
  ) {
    transfer = transport.start(request) { [self] outcome in
      stopTimer()
      resume(outcome)
    }
    guard limit < .max else { return }
    timer = loop.schedule(afterMilliseconds: limit) { [self] in
      timer = nil
      let delivery = transfer?.cancel() ?? .maybeSent
      resume(.failure(TransferFailure(.silence, "no complete reply within \(limit) ms", delivery: delivery)))
    }
  }

  func cancel() -> Delivery {
    stopTimer()
    return transfer?.cancel() ?? .maybeSent
  }

  private func stopTimer() {
    if let timer { loop.cancel(timer) }
    timer = nil
  }
}

extension TransferFailure {
  /// Whether another attempt may do better.
  var isTransient: Bool {
    switch kind {
    case .nameResolution, .connection, .broken, .silence, .local: return true
    case .proxy, .tls, .tooLarge, .malformed, .redirect, .unusable: return false
    }
  }

  func error(_ request: EndpointRequest) -> AkoolError {
    AkoolError(result, "\(request.method) \(request.path): \(message)", hint: hint, isRetryable: isTransient)
  }

  private var result: ResultCode {
    switch kind {
    case .nameResolution, .connection, .proxy, .broken, .silence, .tls: return .unavailable
    case .tooLarge, .malformed, .redirect: return .badResponse
    case .unusable: return .invalidArgument
    case .local: return .localIO
    }
  }

  private var hint: String {
    switch kind {
    case .nameResolution: return "Check base_url, proxy, the network and the name server."
    case .proxy: return "Check the address, the credentials and the rules of the proxy."
    case .connection: return "Check the network, a firewall or proxy, and base_url."
    case .broken, .silence: return "The connection or the service has trouble; try again later."
    case .tls:
      return
        "Check the clock, the CA certificates (ca_file), and what stands between: a proxy may replace certificates."
    case .tooLarge: return "Ask for smaller pages, or raise max_body_bytes."
    case .malformed: return "Check base_url: something answers there that is not AKOOL's service."
    case .redirect: return "Check base_url: the service does not redirect."
    case .unusable: return "Check base_url, proxy, interface and ca_file."
    case .local: return "Free memory or descriptors (ulimit -n) and try again."
    }
  }
}
