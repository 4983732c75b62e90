internal import AkoolCore

/// A request to the simulator itself.
struct AdministrationCall {
  let request: SimulatedRequest

  /// The JSON object in the body; an empty body is an empty object.
  func body() throws(AkoolError) -> JSONObject {
    if request.body.isEmpty { return JSONObject() }
    guard let json = try? JSON.parse(serverBytes: request.body), let object = json.object else {
      throw AkoolError(.invalidArgument, "the body must be a JSON object")
    }
    return object
  }

  /// A query item that is a number from 0.
  func number(_ name: String) throws(AkoolError) -> Int64? {
    guard let text = request.queryValue(name) else { return nil }
    guard let number = Int64(text), number >= 0 else {
      throw AkoolError(.invalidArgument, "\(name) must be a number from 0")
    }
    return number
  }
}

extension AkoolError {
  /// A refusal of the service, on its way out through an admin endpoint.
  init(_ refusal: Refusal) {
    self.init(.invalidArgument, refusal.message)
    akoolCode = refusal.code
  }

  /// Refuses members that an admin endpoint does not know.
  static func check(_ object: JSONObject, knows names: Set<String>) throws(AkoolError) {
    if let unknown = object.keys.first(where: { !names.contains($0) }) {
      throw AkoolError(.invalidArgument, "unknown \"\(unknown)\"; known are \(names.sorted().joined(separator: ", "))")
    }
  }
}
