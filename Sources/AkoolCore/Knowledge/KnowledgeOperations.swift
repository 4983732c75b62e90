/// The operations on knowledge bases.
enum KnowledgeOperations {
  static let all = [create, detail, list, update, delete]

  private static let creation = Endpoint.post("/api/open/v4/knowledge/create")
  private static let reading = Endpoint.get("/api/open/v4/knowledge/detail")
  private static let listing = Endpoint.get("/api/open/v4/knowledge/list")
  private static let change = Endpoint.post("/api/open/v4/knowledge/update")
  private static let deletion = Endpoint(method: "DELETE", path: "/api/open/v4/knowledge/delete")
  /// The documents' own, which the simulator has.
  private static let exampleID: JSON = "64f8a1b2c3d4e5f6a7b8c9d0"

  static let create = Operation(
    "knowledge.create", "Makes a knowledge base that an avatar answers from.", endpoint: creation,
    parameters: KnowledgeSchemas.parts, result: KnowledgeSchemas.record, safety: .once,
    evidence: .documented("§3.1"),
    example: ["name": "Opening hours", "prompt": "Answer in one sentence.", "urls": ["https://example.com/help"]],
    disagreements: [
      "before January 2026 a prologue had at most 100 characters: 2000 are allowed here"
    ],
    check: KnowledgeSchemas.checkSizes,
    request: { parameters, _ in creation.request(parameters, .once) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.record("knowledge base", call.endpointRequest(), call)
    })

  static let detail = Operation(
    "knowledge.detail", "Reads a knowledge base.", endpoint: reading,
    parameters: [.required("id", KnowledgeSchemas.id, "The _id of the knowledge base.")],
    result: KnowledgeSchemas.record, evidence: .documented("§3.1"), example: ["id": exampleID],
    request: { parameters, _ in reading.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.record("knowledge base", call.endpointRequest(), call)
    })

  static let list = Operation(
    "knowledge.list", "Lists the knowledge bases of the team, newest first.", endpoint: listing,
    parameters: [
      .optional("name", .text, "Only knowledge bases whose name has this text."),
      .optional("from", .integer(minimum: 1, maximum: 2), "1 made by AKOOL, 2 by users.", default: 2),
    ] + Paging.fields(defaultSize: 10, maximumSize: 100),
    result: Paging.result(of: KnowledgeSchemas.record), evidence: .documented("§3.1"),
    example: ["size": 10],
    disagreements: [
      "data is a bare array, in AKOOL's demo an object with knowledge_list: always {result} here, without a count"
    ],
    check: Paging.check,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.list(PagedList(listing, size: 100), parameters, call)
    })

  static let update = Operation(
    "knowledge.update", "Changes a knowledge base: what is given replaces what was there, arrays as a whole.",
    endpoint: change,
    parameters: [.required("id", KnowledgeSchemas.id, "The _id of the knowledge base.")] + KnowledgeSchemas.parts,
    result: KnowledgeSchemas.record, safety: .safe, evidence: .documented("§3.1"),
    example: ["id": exampleID, "prologue": "Good morning!"], check: KnowledgeSchemas.checkSizes,
    request: { parameters, _ in change.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.record("knowledge base", call.endpointRequest(), call)
    })

  static let delete = Operation(
    "knowledge.delete", "Deletes a knowledge base. The reply has no data.", endpoint: deletion,
    parameters: [.required("id", KnowledgeSchemas.id, "The _id of the knowledge base.")],
    safety: .safe, evidence: .documented("§3.1"), example: ["id": exampleID],
    request: { parameters, _ in deletion.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      do throws(AkoolError) {
        return try await client.service.send(call.endpointRequest(), call).data
      } catch {
        // An earlier attempt, whose reply was lost, has deleted it.
        guard error.code == .notFound, call.hasLostReply else { throw error }
        return .null
      }
    })
}
