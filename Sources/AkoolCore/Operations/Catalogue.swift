/// Every operation there is.
public enum Catalogue {
  /// All operations in the order of the reference.
  public static let all: [Operation] =
    AvatarOperations.all + SessionOperations.all + SessionCareOperations.all + KnowledgeOperations.all
    + VoiceOperations.all + LanguageOperations.all + AccountOperations.all + MessageOperations.all
    + WebhookOperations.all + ResourceOperations.all + LedgerOperations.all + ClientOperations.all

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
  /// The operation that has this path; of several the first.
  static func operation(_ method: String, _ path: String) -> Operation? {
    all.first { $0.endpoint?.matches(method, path) == true }
  }
}
