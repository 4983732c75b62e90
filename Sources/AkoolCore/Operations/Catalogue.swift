/// Every operation there is.
public enum Catalogue {
  /// All operations in the order of the reference.
  public static let all: [Operation] =
    AvatarOperations.all + SessionOperations.all + AccountOperations.all + ClientOperations.all

  static let operations = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  static func operation(_ name: String) throws(AkoolError) -> Operation {
    if let operation = operations[name] { return operation }
    let nearest = Spelling.nearest(to: name, among: all.map(\.name))
    throw AkoolError(
      .invalidArgument,
      "unknown operation \(SchemaValidator.quoted(name))" + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""),
      hint: "akool_describe lists the operations.")
  }
}

extension Catalogue {
  /// The operation that has this endpoint; of several the first.
  static func operation(_ endpoint: Endpoint) -> Operation? { byEndpoint["\(endpoint.method) \(endpoint.path)"] }

  private static let byEndpoint = Dictionary(
    all.compactMap { operation in operation.endpoint.map { ("\($0.method) \($0.path)", operation) } },
    uniquingKeysWith: { first, _ in first })
}
