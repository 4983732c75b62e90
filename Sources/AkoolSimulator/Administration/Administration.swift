internal import AkoolCore

/// The simulator's own endpoints, below `/_simulator/`: they need no credentials, meet no faults and are not logged.
enum Administration {
  typealias Handler = @Sendable (SimulatedService, AdministrationCall) throws(AkoolError) -> JSON

  private static let handlers: [String: Handler] = [
    "GET books": { (service, _) throws(AkoolError) in service.books() },
    "GET requests": { (service, call) throws(AkoolError) in try service.requests(call) },
    "GET clock": { (service, _) throws(AkoolError) in service.clockState() },
    "POST clock": { (service, call) throws(AkoolError) in try service.setClock(call.body()) },
    "GET faults": { (service, _) throws(AkoolError) in service.faultState() },
    "POST faults": { (service, call) throws(AkoolError) in try service.setFaults(call.body()) },
    "DELETE faults": { (service, _) throws(AkoolError) in service.clearFaults() },
    "GET options": { (service, _) throws(AkoolError) in service.changeableOptions() },
    "GET assumptions": { (_, _) throws(AkoolError) in SimulatorOptions.assumptions },
    "POST options": { (service, call) throws(AkoolError) in try service.changeOptions(call.body()) },
    "POST room": { (service, call) throws(AkoolError) in try service.talk(call.body()) },
    "GET webhooks": { (service, _) throws(AkoolError) in service.webhooks() },
    "POST session": { (service, call) throws(AkoolError) in try service.openForeignSession(call.body()) },
    "DELETE session": { (service, call) throws(AkoolError) in try service.closeForeignSession(call) },
    "POST reset": { (service, call) throws(AkoolError) in try service.startOver(call) },
  ]

  private static let prefix = "/_simulator/"

  static func isMeant(_ request: SimulatedRequest) -> Bool { request.path.hasPrefix(prefix) }

  static func reply(_ service: SimulatedService, _ request: SimulatedRequest) -> SimulatedReply {
    let name = request.path.dropFirst(prefix.count)
    guard let handler = handlers["\(request.method) \(name)"] else {
      return reply(404, ["code": 1008, "msg": "no such endpoint"])
    }
    do throws(AkoolError) {
      let data = try handler(service, AdministrationCall(request: request))
      return reply(200, ["code": 1000, "msg": "OK", "data": data])
    } catch {
      let message = [error.message, error.hint].compactMap(\.self).joined(separator: "; ")
      return reply(200, ["code": .integer(error.akoolCode ?? 1003), "msg": .string(message)])
    }
  }

  private static func reply(_ status: Int, _ json: JSON) -> SimulatedReply {
    SimulatedReply(
      status: status, headers: [HTTPHeader("content-type", "application/json; charset=utf-8")],
      body: json.serializedBytes())
  }
}
