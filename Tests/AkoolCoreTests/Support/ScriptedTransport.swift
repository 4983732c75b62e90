import AkoolCore

/// A transport whose answers a test writes. It runs on the client's loop like a real one.
final class ScriptedTransport: Transport {
  /// What becomes of one request.
  enum Step {
    case json(JSON, status: Int = 200, headers: [HTTPHeader] = [])
    case text(String, status: Int = 200, headers: [HTTPHeader] = [])
    case fail(TransferFailure.Kind, Delivery)
    /// No answer until it is cancelled; then the server may or may not have the request.
    case hang(Delivery)
    /// The answer comes this many milliseconds later.
    indirect case later(Int64, Step)
  }

  typealias Script = @Sendable (_ request: HTTPRequest, _ number: Int) -> Step

  let isSimulated = false
  let readyConnections = Int.max
  var onReadyConnection: (() -> Void)?
  private let loop: EventLoop
  private let log: RequestLog
  private let script: Script
  private var count = 0

  init(_ loop: EventLoop, _ log: RequestLog, _ script: @escaping Script) {
    self.loop = loop
    self.log = log
    self.script = script
  }

  func start(_ request: HTTPRequest, completion: @escaping (TransferOutcome) -> Void) -> any Transfer {
    count += 1
    log.append(request)
    let transfer = ScriptedTransfer(loop)
    transfer.run(script(request, count), after: 0, completion)
    return transfer
  }

  func shutDown() {}
}

private final class ScriptedTransfer: Transfer {
  private let loop: EventLoop
  private var timer: LoopTimer?
  private var delivery = Delivery.maybeSent

  init(_ loop: EventLoop) { self.loop = loop }

  func run(_ step: ScriptedTransport.Step, after delay: Int64, _ completion: @escaping (TransferOutcome) -> Void) {
    switch step {
    case .json(let body, let status, let headers):
      finish(delay, completion, .response(HTTPResponse(status: status, headers: headers, body: body.serializedBytes())))
    case .text(let body, let status, let headers):
      finish(delay, completion, .response(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))))
    case .fail(let kind, let delivery):
      finish(delay, completion, .failure(TransferFailure(kind, "scripted failure", delivery: delivery)))
    case .hang(let delivery): self.delivery = delivery
    case .later(let more, let step): run(step, after: delay + more, completion)
    }
  }

  private func finish(_ delay: Int64, _ completion: @escaping (TransferOutcome) -> Void, _ outcome: TransferOutcome) {
    timer = loop.schedule(afterMilliseconds: delay) { completion(outcome) }
  }

  func cancel() -> Delivery {
    if let timer { loop.cancel(timer) }
    return delivery
  }
}
