internal import AkoolCore

/// One request on its way to its handler.
struct Call {
  let request: SimulatedRequest
  /// Its number in the request log.
  let number: Int64
  /// The account that asks.
  let uid: Int64
  /// What goes wrong with it.
  let fault: Fault?

  /// What stands in the path where the route has braces.
  var lastPathPart: String { request.path.split(separator: "/").last.map(String.init) ?? "" }

  /// The members of the JSON body.
  func fields() throws(Refusal) -> Fields {
    guard let body = try? JSON.parse(serverBytes: request.body), let object = body.object else {
      throw .parameter("the body must be a JSON object")
    }
    return Fields(object)
  }

  /// A query item that must be there.
  func required(_ name: String) throws(Refusal) -> String {
    guard let value = request.queryValue(name), !value.isEmpty else { throw .parameter("\(name) must not be empty") }
    return value
  }

  /// A query item that, if it is there, must be an integer within a range.
  func integer(_ name: String, _ range: ClosedRange<Int>, default fallback: Int? = nil) throws(Refusal) -> Int? {
    guard let text = request.queryValue(name), !text.isEmpty else { return fallback }
    guard let value = Int(text), range.contains(value) else { throw .parameter("\(name) is not valid") }
    return value
  }
}
