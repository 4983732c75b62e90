internal import AkoolCore

extension SimulatedService {
  func faultState() -> JSON { ["rules": script.json] }

  /// Replaces the rules; their counters start again.
  func setFaults(_ body: JSONObject) throws(AkoolError) -> JSON {
    try AkoolError.check(body, knows: ["rules"])
    script = FaultScript(try FaultRule.list(body["rules"] ?? .null))
    return faultState()
  }

  func clearFaults() -> JSON {
    script = FaultScript([])
    return faultState()
  }

  /// Secrets are among the options that cannot be changed, so that they do not show.
  func changeableOptions() -> JSON {
    let changeable = SimulatorOptions.entries.filter(\.isChangeable)
    return .object(JSONObject(changeable.map { ($0.name, $0.read(model.options)) }))
  }

  func changeOptions(_ body: JSONObject) throws(AkoolError) -> JSON {
    try model.options.change(body)
    return changeableOptions()
  }

  /// Forgets everything; with a body, its options apply from then on, otherwise those of the start.
  func startOver(_ call: AdministrationCall) throws(AkoolError) -> JSON {
    let body = try call.body()
    reset(body.isEmpty ? initialOptions : try options(.object(body)))
    return clockState()
  }

  private func options(_ json: JSON) throws(AkoolError) -> SimulatorOptions {
    initialOptions.isInProcess ? try SimulatorOptions(inProcess: json) : try SimulatorOptions(json: json)
  }
}
