/// Every endpoint of the service.
enum Router {
  private static let routes = Model.accountRoutes + Model.avatarRoutes + Model.sessionRoutes

  private static let table = Dictionary(
    routes.map { ("\($0.method) \($0.path)", $0) }, uniquingKeysWith: { first, _ in first })

  static func route(_ request: SimulatedRequest) -> Route? { table["\(request.method) \(request.path)"] }
}
