/// A transfer that waits for the addresses of its hosts, then runs. Confined to the client's loop.
final class PendingTransfer: Transfer {
  private enum State {
    case waiting(KnownHost)
    /// The number identifies the transfer: the handle may carry another one afterwards.
    case running(CurlHandle, number: UInt64)
    case ended
  }

  private let request: HTTPRequest
  private let hosts: [KnownHost]
  private var completion: ((TransferOutcome) -> Void)?
  private weak var transport: CurlTransport?
  private let loop: EventLoop
  private let started: Instant
  private let timeout: Int64
  private var timer: LoopTimer?
  private var state = State.ended

  init(
    _ request: HTTPRequest, _ hosts: [KnownHost], timeout: Int64, _ transport: CurlTransport, _ loop: EventLoop,
    completion: @escaping (TransferOutcome) -> Void
  ) {
    self.request = request
    self.hosts = hosts
    self.timeout = timeout
    self.transport = transport
    self.loop = loop
    self.completion = completion
    started = loop.now
  }

  /// Waits for the addresses of a host within the time for connecting.
  func wait(for host: KnownHost) {
    state = .waiting(host)
    host.waiting.append(self)
    guard timer == nil else { return }
    timer = loop.schedule(afterMilliseconds: timeout) { [unowned self] in
      timer = nil
      expire()
    }
  }

  private func expire() {
    guard case .waiting(let host) = state else { return }
    transport?.book.leave(host, self)
    var failure = AddressBook.unresolved(host)
    failure.message += " (no answer within \(timeout) ms)"
    fail(failure)
  }

  /// Goes on after the addresses of the host have come: waits for the next, or begins.
  func proceed() {
    guard case .waiting = state, let transport, let completion else { return }
    do throws(TransferFailure) {
      if let missing = try transport.book.firstMissing(hosts) { return wait(for: missing) }
      stopTimer()
      let left = max(1, timeout - loop.now.milliseconds(after: started))
      let handle = try transport.begin(request, hosts, connectTimeout: left, completion)
      state = .running(handle, number: handle.number)
      self.completion = nil
    } catch {
      fail(error)
    }
  }

  func fail(_ failure: TransferFailure) {
    let completion = completion
    drop()
    completion?(.failure(failure))
  }

  /// Ends the wait and drops the completion.
  func drop() {
    stopTimer()
    state = .ended
    completion = nil
  }

  func cancel() -> Delivery {
    switch state {
    case .running(let handle, let number): return handle.number == number ? handle.cancel() : .maybeSent
    case .waiting(let host):
      drop()
      transport?.book.leave(host, self)
      return .notSent
    case .ended: return .maybeSent
    }
  }

  private func stopTimer() {
    if let timer { loop.cancel(timer) }
    timer = nil
  }
}
