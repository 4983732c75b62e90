internal import AkoolCore

/// A knowledge base.
struct KnowledgeBase {
  let id: String
  let uid: Int64
  /// 1 AKOOL's own, 2 a user's.
  let origin: Int64
  var content: KnowledgeContent
  let createdAt: Milliseconds
  var updatedAt: Milliseconds

  func isVisible(to uid: Int64) -> Bool { origin == 1 || self.uid == uid }

  /// As create, detail and update answer it; the list may be shorter.
  func json(isShort: Bool = false) -> JSON {
    var object = JSONObject([("_id", .string(id))])
    if !isShort { object["team_id"] = .string("SIMULATED-team-\(uid)") }
    object["uid"] = .integer(uid)
    if !isShort {
      object["user_type"] = 2
      object["from"] = .integer(origin)
    }
    object["name"] = .string(content.name)
    if !isShort { object["prologue"] = .string(content.prologue) }
    object["prompt"] = .string(content.prompt)
    object["docs"] = .array(content.docs)
    object["urls"] = .array(content.urls)
    object["create_time"] = .integer(createdAt)
    object["update_time"] = .integer(updatedAt)
    return .object(object)
  }
}

/// What users write into a knowledge base.
struct KnowledgeContent {
  static let maximumDocument = 104_857_600.0
  static let maximumDocuments = 524_288_000.0

  var name = ""
  var prologue = ""
  var prompt = ""
  var docs: [JSON] = []
  var urls: [JSON] = []

  /// Takes over what is given. An empty text counts as not given, but for the prologue, which it clears.
  mutating func change(_ fields: Fields) throws(Refusal) {
    name = try Self.text("name", fields, limit: 100) ?? name
    prologue = fields.isEmptyText("prologue") ? "" : try Self.text("prologue", fields, limit: 2_000) ?? prologue
    prompt = try Self.text("prompt", fields, limit: 10_000) ?? prompt
    if let given = try fields.array("docs") { docs = try Self.documents(given, fields) }
    if let given = try fields.array("urls") {
      guard given.allSatisfy({ $0.string?.isEmpty == false }) else { throw fields.wrong("urls", "must be strings") }
      urls = given
    }
  }

  private static func text(_ name: String, _ fields: Fields, limit: Int) throws(Refusal) -> String? {
    guard let text = try fields.text(name) else { return nil }
    guard text.unicodeScalars.count <= limit else { throw fields.wrong(name, "must have at most \(limit) characters") }
    return text
  }

  private static func documents(_ given: [JSON], _ fields: Fields) throws(Refusal) -> [JSON] {
    var total = 0.0
    for document in given {
      guard let object = document.object else { throw fields.wrong("docs", "must be objects") }
      let part = Fields(object, under: "docs.")
      _ = try part.text("name")
      _ = try part.text("url")
      total += try part.number("size", 0...maximumDocument) ?? 0
    }
    guard total <= maximumDocuments else { throw fields.wrong("docs", "are larger than 500 MB") }
    return given
  }
}
