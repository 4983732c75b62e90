/// Every endpoint of the service.
enum Router {
  private static let routes =
    Model.accountRoutes + Model.avatarRoutes + Model.sessionRoutes + Model.knowledgeRoutes + Model.voiceRoutes
    + Model.recordingRoutes + Model.languageRoutes + Model.fileRoutes

  /// Names of all operations.
  static let operations = Set(routes.map(\.operation))

  private static let table = Dictionary(
    routes.map { ("\($0.method) \($0.path)", $0) }, uniquingKeysWith: { first, _ in first })

  /// Those whose path ends with a parameter in braces.
  private static let templates = routes.filter { $0.path.hasSuffix("}") }

  /// The route of a request. HEAD goes where GET goes; the fronts leave out its body.
  static func route(_ request: SimulatedRequest) -> Route? {
    var request = request
    if request.method == "HEAD" { request.method = "GET" }
    return table["\(request.method) \(request.path)"] ?? templates.first { $0.matches(request) }
  }
}
