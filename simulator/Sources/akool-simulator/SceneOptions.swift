import AkoolCore
import AkoolSimulator
import ArgumentParser
import FoundationEssentials

/// The options of the model: a file, and flags for the common ones, which go before the file.
struct SceneOptions: ParsableArguments {
  @Option(help: "The assumptions where AKOOL's documents are silent: documented or pessimistic.")
  var profile: String?

  @Option(help: ArgumentHelp("Simulated seconds per real second.", valueName: "factor"))
  var timeScale: Double?

  @Flag(help: "Let simulated time stand still; POST /_simulator/clock moves it.")
  var stepped = false

  @Option(help: ArgumentHelp("The API key that is accepted (default: simulator).", valueName: "key"))
  var apiKey: String?

  @Option(help: ArgumentHelp("The client id that is accepted.", valueName: "id"))
  var clientID: String?

  @Option(help: ArgumentHelp("The client secret that is accepted.", valueName: "secret"))
  var clientSecret: String?

  @Option(help: ArgumentHelp("The credit of the account at the start.", valueName: "amount"))
  var credit: Double?

  @Option(help: ArgumentHelp("A JSON file with any options of the simulator.", valueName: "file"))
  var options: String?

  @Option(help: ArgumentHelp("A JSON file with fault rules: an array, or {\"rules\": […]}.", valueName: "file"))
  var faults: String?

  /// The world that these options describe.
  func world() throws -> SimulatedWorld {
    do {
      return try SimulatedWorld(options: SimulatorOptions(json: .object(members())))
    } catch let error as AkoolError {
      throw Complaint(error)
    }
  }

  private func members() throws -> JSONObject {
    var members = try options.map(Self.object(inFile:)) ?? JSONObject()
    let flags: [(String, JSON?)] = [
      ("profile", profile.map(JSON.string)),
      ("time_scale", timeScale.map(JSON.number)),
      ("time", stepped ? "stepped" : nil),
      ("api_key", apiKey.map(JSON.string)),
      ("client_id", clientID.map(JSON.string)),
      ("client_secret", clientSecret.map(JSON.string)),
      ("credit", credit.map(JSON.number)),
      ("faults", try faults.map(Self.rules(inFile:))),
    ]
    for (name, value) in flags where value != nil { members[name] = value }
    return members
  }

  private static func rules(inFile path: String) throws -> JSON {
    let json = try json(inFile: path)
    return json["rules"] ?? json
  }

  private static func object(inFile path: String) throws -> JSONObject {
    guard let object = try json(inFile: path).object else { throw Complaint("\(path): not a JSON object") }
    return object
  }

  private static func json(inFile path: String) throws -> JSON {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Complaint("\(path): cannot be read as UTF-8 text")
    }
    do {
      return try JSON.parse(text)
    } catch {
      throw Complaint("\(path): \(error.message), at byte \(error.offset)")
    }
  }
}
