internal import AkoolCore

extension Model {
  static let knowledgeRoutes: [Route] = [
    Route("POST", "/api/open/v4/knowledge/create", "knowledge.create") { (model, call) throws(Refusal) in
      try model.createKnowledge(call)
    },
    Route("GET", "/api/open/v4/knowledge/detail", "knowledge.detail") { (model, call) throws(Refusal) in
      let base = model.knowledge.all[try model.knowledgeIndex(call.required("id"), call)]
      return Answer(base.json(), subject: base.id)
    },
    Route("GET", "/api/open/v4/knowledge/list", "knowledge.list") { (model, call) throws(Refusal) in
      try model.knowledgeList(call)
    },
    Route("POST", "/api/open/v4/knowledge/update", "knowledge.update") { (model, call) throws(Refusal) in
      try model.updateKnowledge(call)
    },
    Route("DELETE", "/api/open/v4/knowledge/delete", "knowledge.delete") { (model, call) throws(Refusal) in
      let index = try model.ownKnowledgeIndex(call.fields().requiredText("id"), call)
      let id = model.knowledge.all[index].id
      model.knowledge.remove(at: index)
      return Answer(subject: id)
    },
  ]

  private func createKnowledge(_ call: Call) throws(Refusal) -> Answer {
    var content = KnowledgeContent()
    try content.change(call.fields())
    try requireFree(content.name, call, except: nil)
    let base = KnowledgeBase(
      id: ids.next(at: now), uid: call.uid, origin: 2, content: content, createdAt: now, updatedAt: now)
    knowledge.add(base)
    return Answer(base.json(), subject: base.id)
  }

  private func updateKnowledge(_ call: Call) throws(Refusal) -> Answer {
    let fields = try call.fields()
    let index = try ownKnowledgeIndex(fields.requiredText("id"), call)
    var base = knowledge.all[index]
    try base.content.change(fields)
    try requireFree(base.content.name, call, except: base.id)
    base.updatedAt = now
    knowledge.replace(at: index, with: base)
    return Answer(base.json(), subject: base.id)
  }

  private func knowledgeList(_ call: Call) throws(Refusal) -> Answer {
    let from = Int64(try call.integer("from", 1...2, default: 2) ?? 2)
    let page = try Page(call, size: 1...100, defaultSize: 10)
    let name = call.request.queryValue("name") ?? ""
    let matches = knowledge.all.reversed().filter {
      $0.isVisible(to: call.uid) && $0.origin == from && $0.content.name.holds(name)
    }
    let entries = JSON.array(page.slice(of: matches).map { $0.json(isShort: options.knowledgeListIsShort) })
    return Answer(options.knowledgeListShape == .wrapped ? ["knowledge_list": entries] : entries)
  }

  /// Names are unique per user.
  private func requireFree(_ name: String, _ call: Call, except id: String?) throws(Refusal) {
    let isTaken = knowledge.all.contains {
      $0.uid == call.uid && $0.origin == 2 && $0.content.name == name && $0.id != id
    }
    if isTaken, !name.isEmpty { throw Refusal(1233, "the knowledge base already exists") }
  }

  private func knowledgeIndex(_ id: String, _ call: Call) throws(Refusal) -> Int {
    guard let index = knowledge.index(id: id), knowledge.all[index].isVisible(to: call.uid) else {
      throw unknownKnowledge()
    }
    return index
  }

  private func ownKnowledgeIndex(_ id: String, _ call: Call) throws(Refusal) -> Int {
    let index = try knowledgeIndex(id, call)
    guard knowledge.all[index].origin == 2 else { throw Refusal(1009, "no permission") }
    return index
  }

  func unknownKnowledge() -> Refusal { Refusal(1232, "the knowledge base does not exist") }
}
