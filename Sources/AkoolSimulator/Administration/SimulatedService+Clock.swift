internal import AkoolCore

extension SimulatedService {
  func clockState() -> JSON {
    ["now_ms": .integer(model.now), "scale": .number(clock.scale), "time": clock.isStepped ? "stepped" : "running"]
  }

  /// `advance_s` jumps ahead, `scale` lets time run so fast, `time` stops it or lets it run; whatever becomes due
  /// happens.
  func setClock(_ body: JSONObject) throws(AkoolError) -> JSON {
    try AkoolError.check(body, knows: ["advance_s", "scale", "time"])
    let advance = try Self.number(body, "advance_s", 0...4_000_000_000)
    let scale = try Self.number(body, "scale", 0...1_000_000)
    if let scale { clock.run(scale: scale) }
    try setTimeMode(body["time"])
    if let advance { clock.advance(by: Milliseconds((advance * 1000).rounded())) }
    catchUp()
    return clockState()
  }

  private func setTimeMode(_ mode: JSON?) throws(AkoolError) {
    switch mode?.string {
    case nil where mode == nil: break
    case "stepped": clock.stop()
    case "running": clock.run(scale: clock.scale)
    default: throw AkoolError(.invalidArgument, "time must be \"running\" or \"stepped\"")
    }
  }

  private static func number(
    _ body: JSONObject, _ name: String, _ range: ClosedRange<Double>
  ) throws(AkoolError) -> Double? {
    guard let value = body[name] else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw AkoolError(.invalidArgument, "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
