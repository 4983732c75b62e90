import AkoolCore
import AkoolSimulator
import Testing

@Suite struct SimulatorOptionsTests {
  @Test func everyOptionIsDescribedWithItsSource() {
    let names = SimulatorOptions.entries.map(\.name)
    #expect(Set(names).count == names.count)
    for entry in SimulatorOptions.entries {
      #expect(entry.summary.hasSuffix("."), "\(entry.name)")
      #expect(entry.source.hasPrefix("§") || entry.source == "ours", "\(entry.name)")
      #expect(entry.schema["type"] != nil, "\(entry.name)")
    }
  }

  @Test func everyDefaultIsTheProfileDocumented() throws {
    let options = try SimulatorOptions(json: [:]).json
    for entry in SimulatorOptions.entries { #expect(options[entry.name] == entry.documented, "\(entry.name)") }
    #expect(try SimulatorOptions(json: ["profile": "documented"]).json == options)
  }

  @Test func everyPessimisticValueIsThatProfile() throws {
    let options = try SimulatorOptions(json: ["profile": "pessimistic"]).json
    for entry in SimulatorOptions.entries where entry.name != "profile" {
      #expect(options[entry.name] == entry.pessimistic, "\(entry.name)")
    }
    #expect(options["profile"] == "pessimistic")
    #expect(SimulatorOptions.entries.filter { $0.pessimistic != $0.documented }.count > 15)
  }

  @Test(arguments: SimulatorOptions.entries.map(\.name))
  func everyOptionCanBeSetAlone(name: String) throws {
    let entry = try #require(SimulatorOptions.entries.first { $0.name == name })
    let options = try SimulatorOptions(json: [name: entry.pessimistic])
    #expect(options.json[name] == entry.pessimistic)
    #expect(throws: AkoolError.self) { try SimulatorOptions(json: [name: .null]) }
    let wrong: JSON = entry.schema["type"] == "object" ? 1 : ["no": "such"]
    #expect(throws: AkoolError.self) { try SimulatorOptions(json: [name: wrong]) }
  }

  @Test func otherOptionsChangeTheProfile() throws {
    let options = try SimulatorOptions(json: ["list_lag_s": 1, "profile": "pessimistic"]).json
    #expect(options["list_lag_s"] == 1)
    #expect(options["refund_delay_s"] == 20)
  }

  @Test func anUnknownOptionNamesTheNearest() {
    let error = #expect(throws: AkoolError.self) { try SimulatorOptions(json: ["list_lags_s": 1]) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("list_lags_s") == true)
    #expect(error?.hint?.contains("list_lag_s") == true)
  }

  @Test(
    arguments: [
      ["credit": -1], ["credit": 1e12], ["time_scale": -1], ["time_scale": 1e9], ["busy_code": 1], ["uid": 0],
      ["log_capacity": 0], ["default_duration_s": 3601], ["accounts": [["uid": 1]]],
      ["accounts": [["uid": 1, "api_key": "k", "x": 1]]], ["accounts": [["uid": 1, "api_key": "k", "credit": -1]]],
      ["faults": [1]], ["occupied_avatars": [1]], ["profile": "optimistic"], ["time": ""], ["start_ms": -5],
    ] as [JSON])
  func valuesOutOfRangeAreRefused(json: JSON) {
    let error = #expect(throws: AkoolError.self) { try SimulatorOptions(json: json) }
    #expect(error?.code == .invalidArgument)
  }

  @Test(arguments: [.null, [], "documented", 1] as [JSON])
  func optionsAreAnObject(json: JSON) {
    #expect(throws: AkoolError.self) { try SimulatorOptions(json: json) }
  }
}
