internal import AkoolCore

/// Every knowledge base, in the order in which they were made.
struct KnowledgeBases {
  private(set) var all: [KnowledgeBase] = []

  /// One of AKOOL's and one of the first account, with the ids that the documents' examples use.
  init(mainUID: Int64) {
    all = [
      KnowledgeBase(
        id: "64f8a1b2c3d4e5f6a7b8c900", uid: 1, origin: 1,
        content: KnowledgeContent(name: "SIMULATED company", prompt: "You are the receptionist of a company."),
        createdAt: 1_640_995_200_000, updatedAt: 1_640_995_200_000),
      KnowledgeBase(
        id: "64f8a1b2c3d4e5f6a7b8c9d0", uid: mainUID, origin: 2,
        content: KnowledgeContent(
          name: "SIMULATED support", prologue: "Hello, how can I help you?", prompt: "You are a helpful assistant.",
          docs: [["name": "manual.pdf", "url": "https://example.com/manual.pdf", "size": 1_024_000]],
          urls: ["https://example.com/help"]),
        createdAt: 1_640_995_200_000, updatedAt: 1_640_995_200_000),
    ]
  }

  func index(id: String) -> Int? { all.firstIndex { $0.id == id } }

  mutating func add(_ base: KnowledgeBase) { all.append(base) }
  mutating func remove(at index: Int) { all.remove(at: index) }
  mutating func replace(at index: Int, with base: KnowledgeBase) { all[index] = base }
}
