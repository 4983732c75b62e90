internal import AkoolCore

extension SimulatedService {
  /// A reply in the making.
  private struct Draft {
    var status: Int
    var json: JSON?
    var body: [UInt8]
    var contentType: String
    var headers: [HTTPHeader] = []

    init(status: Int = 200, body: [UInt8] = [], contentType: String = "application/json; charset=utf-8") {
      self.status = status
      self.body = body
      self.contentType = contentType
    }

    init(_ content: Answer.Content) {
      self.init(status: content.status, body: content.body, contentType: content.type)
      headers = content.headers
    }

    var code: Int64? { json?["code"]?.integer }
  }

  func reply(_ request: SimulatedRequest, _ route: Route?, _ fault: Fault?, _ number: Int64) -> SimulatedReply {
    var draft = Draft()
    if fault?.isHandled ?? true {
      draft = answer(request, route, number, fault)
    } else if let fault, let later = fault.handledLater {
      model.agenda.add(.handle(request, fault, number: number), at: model.now + later)
    }
    if let fault, let later = fault.duplicatedAfter {
      model.agenda.add(.handleDuplicate(request, fault, of: number), at: model.now + later)
    }
    if let fault { apply(fault, to: &draft) }
    let reply = finished(draft, fault)
    note(draft, number, reply.delivery.form)
    return reply
  }

  /// Handles a request that was held up. Its answer is lost.
  func handleLate(_ request: SimulatedRequest, _ fault: Fault, _ number: Int64) {
    _ = answer(request, Router.route(request), number, fault)
  }

  /// Handles a duplicate under a new number. Its answer is lost.
  func handleDuplicate(_ request: SimulatedRequest, _ fault: Fault, of original: Int64) {
    let number = log.nextNumber
    var line = LoggedRequest(
      request, number: number, at: model.now, operation: Router.route(request)?.operation, fault: nil)
    line.duplicateOf = original
    log.add(line)
    handleLate(request, fault, number)
  }

  /// Lets the handler work and writes down what came of it.
  private func answer(_ request: SimulatedRequest, _ route: Route?, _ number: Int64, _ fault: Fault?) -> Draft {
    log.change(number) { $0.handledAt = model.now }
    guard let route else { return Self.noSuchPath(request) }
    var draft = Draft()
    do throws(Refusal) {
      let answer = try perform(route, request, number, fault)
      log.change(number) { $0.subject = answer.subject }
      if let content = answer.content { return Draft(content) }
      draft.json = Envelope.success(answer, model.options)
    } catch {
      draft.json = Envelope.failure(error, of: route, model.options)
      draft.status = Envelope.status(of: error, model.options)
      draft.headers = retryAfter(error)
    }
    log.change(number) { $0.outcome = draft.code }
    return draft
  }

  private func perform(
    _ route: Route, _ request: SimulatedRequest, _ number: Int64, _ fault: Fault?
  ) throws(Refusal) -> Answer {
    var uid: Int64 = 0
    if route.isProtected {
      uid = try model.authenticate(request)
      log.change(number) { $0.uid = uid }
      try model.limitRate(uid)
    }
    return try route.handler(model, Call(request: request, number: number, uid: uid, fault: fault))
  }

  private func retryAfter(_ refusal: Refusal) -> [HTTPHeader] {
    let seconds = model.options.rateLimitRetryAfterSeconds
    return refusal.code == 1005 && seconds > 0 ? [HTTPHeader("retry-after", "\(seconds)")] : []
  }

  /// Web servers answer unknown paths in their own way, which is not JSON.
  private static func noSuchPath(_ request: SimulatedRequest) -> Draft {
    let complaint = "Cannot \(escaped(request.method)) \(escaped(request.path))"
    let text = "<!DOCTYPE html>\n<html><body><pre>\(complaint)</pre></body></html>\n"
    return Draft(status: 404, body: Array(text.utf8), contentType: "text/html; charset=utf-8")
  }

  private static func escaped(_ text: String) -> String {
    String(text.prefix(512).flatMap { $0 == "<" ? "&lt;" : $0 == "&" ? "&amp;" : String($0) })
  }

  private func apply(_ fault: Fault, to draft: inout Draft) {
    if fault.isLost { draft.json = Envelope.success(Answer(), model.options) }
    if let code = fault.code {
      draft.json = Envelope.failure(code: code, message: fault.message ?? "simulated fault", model.options)
      draft.status = 200
    }
    if fault.body != nil || (fault.status != nil && fault.code == nil) { replaceBody(fault, &draft) }
    draft.status = fault.status ?? draft.status
    draft.headers += fault.headers
    if let json = draft.json { draft.json = Self.bent(json, fault) }
  }

  private func replaceBody(_ fault: Fault, _ draft: inout Draft) {
    draft.json = nil
    // Gateways answer both.
    draft.contentType = fault.hasJSONBody ? "application/json" : "text/html; charset=utf-8"
    draft.body = Array((fault.body ?? "<html><body>simulated fault: HTTP \(fault.status ?? 0)</body></html>\n").utf8)
    draft.status = 200
  }

  private static func bent(_ json: JSON, _ fault: Fault) -> JSON {
    var json = fault.nullsData ? json.changed(at: "/data", to: .null) : json
    for (pointer, value) in fault.changes { json = json.changed(at: pointer, to: value) }
    for pointer in fault.removals { json = json.changed(at: pointer, to: nil) }
    return json
  }

  private func note(_ draft: Draft, _ number: Int64, _ form: SimulatedDelivery.Form) {
    guard form != .reset, form != .withheld else { return }
    log.change(number) { entry in
      entry.replyStatus = draft.status
      entry.replyCode = draft.code
    }
  }

  private func finished(_ draft: Draft, _ fault: Fault?) -> SimulatedReply {
    let own = [
      HTTPHeader("content-type", draft.contentType),
      HTTPHeader("date", HTTPDate.text(model.now + .seconds(model.options.dateOffsetSeconds))),
    ]
    let replaced = Set(draft.headers.map(\.name))
    return SimulatedReply(
      status: draft.status, headers: own.filter { !replaced.contains($0.name) } + draft.headers,
      body: draft.json?.serializedBytes() ?? draft.body, delivery: fault?.delivery ?? SimulatedDelivery())
  }
}
