internal import AkoolCore

extension Fault {
  /// Members that have no effect beside another one.
  private struct Exclusion {
    let member: String
    let reason: String
    let idle: [String]
  }

  private static let lists = ["page", "page_shift"]
  private static let envelope = ["data_null", "set", "remove"]
  private static let reply = [
    "lost", "akool_code", "msg", "http_status", "headers", "body", "truncate_body", "drip_ms",
  ]

  private static let exclusions = [
    Exclusion(member: "hang", reason: "sends nothing", idle: ["reset"] + reply + envelope + lists),
    Exclusion(member: "reset", reason: "sends nothing", idle: reply + envelope + lists),
    Exclusion(member: "body", reason: "is the whole reply", idle: ["lost", "akool_code", "msg"] + envelope + lists),
    Exclusion(member: "lost", reason: "answers a success", idle: ["akool_code", "http_status"] + lists),
    Exclusion(member: "akool_code", reason: "takes the place of the answer", idle: lists),
    Exclusion(member: "truncate_body", reason: "sends the rest at once", idle: ["drip_ms"]),
  ]

  /// Refuses members that have no effect beside others.
  func checkCombination() throws(AkoolError) {
    let given = Set((json.object?.members ?? []).filter { $0.value != false || $0.key == "handled" }.map(\.key))
    for exclusion in Self.exclusions + conditionalExclusions(given) where given.contains(exclusion.member) {
      guard let idle = exclusion.idle.first(where: given.contains) else { continue }
      throw AkoolError(
        .invalidArgument, "fault \"\(idle)\" has no effect beside \"\(exclusion.member)\", which \(exclusion.reason)",
        hint: "Leave out one of them.")
    }
    if given.contains("msg"), code == nil {
      throw AkoolError(
        .invalidArgument, "fault \"msg\" has no effect without \"akool_code\"", hint: "Add \"akool_code\".")
    }
  }

  private func conditionalExclusions(_ given: Set<String>) -> [Exclusion] {
    var exclusions: [Exclusion] = []
    if code == nil {
      exclusions.append(
        Exclusion(
          member: "http_status", reason: "answers a page unless \"akool_code\" is given",
          idle: Self.envelope + Self.lists))
    }
    exclusions.append(
      Exclusion(
        member: "handle_later_s", reason: "has no answer by then",
        idle: Self.lists + (replacesReply || isWithheld ? [] : Self.reply + Self.envelope)))
    if reset == .afterHandling { exclusions.append(contradiction("reset", ["handle_later_s"])) }
    if let isHandledExplicitly { exclusions += contradictions(ofHandled: isHandledExplicitly) }
    if !isHandled, handledLater == nil, duplicatedAfter == nil {
      exclusions += ["reset", "lost", "body", "akool_code", "http_status", "handled"].map { member in
        Exclusion(member: member, reason: "keeps the request from being handled", idle: ["session_fails_s"])
      }
    }
    return exclusions
  }

  private func contradictions(ofHandled isHandledExplicitly: Bool) -> [Exclusion] {
    if !isHandledExplicitly { return reset == .afterHandling ? [contradiction("reset", ["handled"])] : [] }
    let members = (reset == .beforeHandling ? ["reset"] : []) + ["lost", "handle_later_s"]
    return members.map { contradiction($0, ["handled"]) }
  }

  private func contradiction(_ member: String, _ idle: [String]) -> Exclusion {
    Exclusion(member: member, reason: "says when the request is handled", idle: idle)
  }
}
