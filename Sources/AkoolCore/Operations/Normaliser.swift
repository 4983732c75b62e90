/// What is the same for every kind of record.
enum Normaliser {
  /// Puts the id under the name `_id`, where a record has it as `id`.
  static func identifier(_ record: inout JSONObject) {
    guard record["_id"] == nil, let id = record["id"] else { return }
    record["_id"] = id
  }

  /// A record that needs nothing else.
  @Sendable static func identified(_ record: JSONObject) -> JSONObject {
    var record = record
    identifier(&record)
    return record
  }

  /// Puts a readable `state` beside a numeric `status` from 1 on; statuses that are not known get none.
  static func state(_ record: inout JSONObject, _ names: [String]) {
    guard let status = number(record["status"]), (1...Int64(names.count)).contains(status) else { return }
    record["state"] = .string(names[Int(status) - 1])
  }

  /// A number, also where it came as text.
  static func number(_ value: JSON?) -> Int64? { value?.integer ?? value?.string.flatMap { Int64($0) } }
}

/// Brings the shapes in which lists come to `{count?, result}`.
enum ListNormaliser {
  /// What the list is called where `data` is an object.
  private static let names = ["result", "data", "knowledge_list", "lang_list"]

  /// Nil when there is no list: that is not an empty one, which would say that no session is open.
  static func page(_ data: JSON, _ element: (JSONObject) -> JSONObject) -> JSON? {
    var page = data.object ?? JSONObject()
    let name = names.first { page[$0]?.array != nil }
    guard let elements = data.array ?? name.flatMap({ page[$0]?.array }) else { return nil }
    if let name { page[name] = nil }
    page["result"] = .array(elements.map { $0.object.map { .object(element($0)) } ?? $0 })
    return .object(page)
  }
}

extension ClientCore {
  /// Sends a request that is answered with one record, bare or in an array.
  func record(
    _ what: String, _ request: EndpointRequest, _ call: CallContext,
    _ normalise: (JSONObject) -> JSONObject = Normaliser.identified
  ) async throws(AkoolError) -> JSON {
    let envelope = try await service.send(request, call)
    guard let record = envelope.data.object ?? envelope.data[0]?.object else {
      throw ReplyFaults.missing(what, request, envelope.data)
    }
    return .object(normalise(record))
  }

  /// Reads a page of a list.
  func page(
    _ request: EndpointRequest, _ call: CallContext, _ element: @escaping @Sendable (JSONObject) -> JSONObject
  ) async throws(AkoolError) -> JSON {
    let outcome = WorkOutcome<JSON>()
    try await page(request, call, element) { page, _ in outcome.value = page }
    return outcome.value ?? .null
  }

  /// Reads a page of a list and passes it on, with the size of the reply in bytes. A large page is read, passed on and
  /// freed off the loop.
  func page(
    _ request: EndpointRequest, _ call: CallContext, _ element: @escaping @Sendable (JSONObject) -> JSONObject,
    to read: @escaping @Sendable (JSON, Int) -> Void
  ) async throws(AkoolError) {
    let answer = WorkOutcome(try await service.send(request, call))
    let place = "\(request.method) \(request.path)"
    let work: @Sendable (CancelFlag?) -> AkoolError? = { _ in
      guard let envelope = answer.take() else { return nil }
      guard let page = ListNormaliser.page(envelope.data, element) else {
        return ReplyFaults.missing("list", place, envelope.data)
      }
      read(page, envelope.size)
      return nil
    }
    let isLarge = answer.value?.size ?? 0 > Service.largeBody
    let fault = isLarge ? try await service.offload(call, "reading a large list", work) : work(nil)
    if let fault { throw fault }
  }
}
