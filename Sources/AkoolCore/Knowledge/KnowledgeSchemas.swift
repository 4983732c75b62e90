/// What knowledge bases look like in requests and replies.
enum KnowledgeSchemas {
  /// The largest document, in bytes.
  static let maximumDocument: Int64 = 104_857_600
  /// All documents of a knowledge base together, in bytes.
  static let maximumDocuments: Int64 = 524_288_000

  static let id = Schema.string(StringRule(minimumLength: 1, maximumLength: 256))

  /// What a knowledge base is made of; in an update, what is to change.
  static let parts: [Field] = [
    .optional(
      "name", .string(StringRule(maximumLength: 100)), "Its name, at most 100 characters, unlike your others'."),
    .optional(
      "prologue", .string(StringRule(maximumLength: 2_000)),
      "What the avatar says first, at most 2000 characters; an empty text clears it."),
    .optional(
      "prompt", .string(StringRule(maximumLength: 10_000)),
      "How the avatar is to answer, at most 10000 characters."),
    .optional(
      "docs", .array(of: .object(document)),
      "The documents: PDF, DOC, DOCX, TXT, MD, JSON, XML or CSV, at most 524288000 bytes together."),
    .optional("urls", .array(of: .string(StringRule(form: .url))), "Pages that the avatar answers from."),
  ]

  private static let document = ObjectSchema([
    .optional("name", .text, "The file's name, with its ending."),
    .optional("url", .string(StringRule(form: .url)), "Where AKOOL fetches the file."),
    .optional("size", .integer(minimum: 0, maximum: maximumDocument), "Its size in bytes, at most 104857600."),
  ])

  private static let storedDocument = ObjectSchema(
    [
      .optional("name", .text, "The file's name."), .optional("url", .text, "Where AKOOL fetched the file."),
      .optional("size", .integer(minimum: 0), "Its size in bytes."),
    ], isOpen: true)

  @Sendable static func checkSizes(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    var total: Int64 = 0
    for document in parameters["docs"]?.array ?? [] {
      guard let size = document["size"]?.integer, (0...maximumDocument).contains(size) else { continue }
      total += size
    }
    if total > maximumDocuments {
      validator.report("docs", "are \(total) bytes together, at most \(maximumDocuments) are allowed")
    }
  }

  static let record = Schema.object(
    ObjectSchema(
      [
        .required("_id", .text, "The id; session.create takes it as knowledge_id."),
        .optional("team_id", .text, "The team that sees it."),
        .optional("uid", .anyInteger, "The account."),
        .optional("user_type", .anyInteger, "1 internal, 2 external."),
        .optional("from", .anyInteger, "1 made by AKOOL, 2 by a user."),
        .optional("name", .text, "The name."),
        .optional("prologue", .text, "What the avatar says first."),
        .optional("prompt", .text, "How the avatar is to answer."),
        .optional("docs", .array(of: .object(storedDocument)), "The documents."),
        .optional("urls", .array(of: .text), "The pages."),
        .optional("create_time", .anyInteger, "When it was made, in Unix milliseconds."),
        .optional("update_time", .anyInteger, "When it was changed last, in Unix milliseconds; 0 or absent for never."),
      ], isOpen: true))
}
