internal import AkoolCore

/// The rules with what they have seen so far.
struct FaultScript {
  private struct Line {
    let rule: FaultRule
    var matches: Int64 = 0
    var applications: Int64 = 0

    /// Whether the fault befalls the match that was counted last.
    func applies(_ random: inout RandomSource) -> Bool {
      if let nth = rule.nth, matches != nth { return false }
      if let every = rule.every, matches % every != 0 { return false }
      if let times = rule.times, applications >= times { return false }
      if let chance = rule.chance, random.fraction() >= chance { return false }
      return true
    }
  }

  private var lines: [Line]

  init(_ rules: [FaultRule]) { lines = rules.map { Line(rule: $0) } }

  /// The fault of the first rule that applies. Every rule counts every match, so that "the second" means the
  /// same whatever the rules before it did.
  mutating func fault(
    for request: SimulatedRequest, operation: String?, _ random: inout RandomSource
  ) -> Fault? {
    let concerned = lines.indices.filter { lines[$0].rule.concerns(request, operation: operation) }
    for index in concerned { lines[index].matches += 1 }
    guard let index = concerned.first(where: { lines[$0].applies(&random) }) else { return nil }
    lines[index].applications += 1
    return lines[index].rule.fault
  }

  /// The rules with their counters.
  var json: JSON {
    .array(
      lines.map { line in
        var object = line.rule.json.object ?? JSONObject()
        object["matches"] = .integer(line.matches)
        object["applications"] = .integer(line.applications)
        return .object(object)
      })
  }
}
