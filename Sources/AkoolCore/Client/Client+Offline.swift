extension Client {
  /// Whether an operation can be called without a client.
  public static func isOffline(_ operation: String) -> Bool { Catalogue.operations[operation]?.offline != nil }

  /// Calls an operation that needs no client: it remembers nothing and sends nothing.
  ///
  /// - Parameters:
  ///   - operation: Its name; see `isOffline`.
  ///   - parameters: Its parameters; without a client none of them may be `stream`.
  ///   - options: The options of the call: `validate` and `tag`.
  /// - Returns: The reply, of success and of failure alike.
  public static func callOffline(
    _ operation: String, _ parameters: Result<JSON, AkoolError>, options: Result<JSON, AkoolError>
  ) -> Reply {
    var meta: JSONObject = ["operation": .string(operation), "attempts": 0, "elapsed_ms": 0]
    do throws(AkoolError) {
      let options = try options.get()
      meta["tag"] = options["tag"]
      return .success(try offlineData(operation, parameters.get(), options), meta: .object(meta), raw: nil)
    } catch {
      var secrets = Secrets()
      secrets.add(namedIn: (try? parameters.get()) ?? .null)
      return .failure(secrets.concealed(error), meta: .object(meta), raw: nil)
    }
  }

  /// The deadline where the options have none, in milliseconds.
  private static let defaultTimeout: Int64 = 30_000

  private static func offlineData(_ name: String, _ parameters: JSON, _ options: JSON) throws(AkoolError) -> JSON {
    let operation = try Catalogue.operation(name)
    guard let body = operation.offline else {
      throw AkoolError(.badHandle, "\(name) needs a client", hint: "Make one with akool_client_create.")
    }
    let validation = try CallOptions.validation(options)
    let stop = WorkStop(timeout: options["timeout_ms"]?.integer ?? defaultTimeout)
    guard let object = parameters.object else {
      throw AkoolError(.invalidArgument, "\(name): the parameters must be a JSON object, not \(parameters.typeName)")
    }
    if object["stream"] != nil {
      throw AkoolError(
        .invalidArgument, "\(name): stream: needs a client, which remembers the conversation",
        hint: "Leave stream out, or make a client.")
    }
    return try body(try operation.checked(object, validation) { _ in }, stop)
  }
}
