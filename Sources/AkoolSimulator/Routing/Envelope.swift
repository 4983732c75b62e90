internal import AkoolCore

/// Makes replies of answers and refusals.
enum Envelope {
  static func success(_ answer: Answer, _ options: SimulatorOptions) -> JSON {
    var envelope: JSONObject = JSONObject([("code", 1000)])
    if let top = answer.top {
      envelope.merge(top)
    } else {
      envelope["msg"] = .string(options.successMessage)
      envelope["data"] = answer.data
    }
    return .object(envelope)
  }

  /// The answers of getToken never have `data`, whatever the switch says.
  static func failure(_ refusal: Refusal, of route: Route, _ options: SimulatorOptions) -> JSON {
    var options = options
    if route.operation == "auth.token" { options.errorData = .absent }
    return failure(code: refusal.code, message: refusal.message, options)
  }

  static func failure(code: Int64, message: String, _ options: SimulatorOptions) -> JSON {
    var envelope = JSONObject([("code", .integer(code)), ("msg", .string(message))])
    switch options.errorData {
    case .absent: break
    case .null: envelope["data"] = .null
    case .object: envelope["data"] = [:]
    }
    return .object(envelope)
  }

  static func status(of refusal: Refusal, _ options: SimulatorOptions) -> Int {
    switch refusal.code {
    case 1101, 1102, 1200: return Int(options.authErrorStatus)
    case 1005: return Int(options.rateLimitStatus)
    default: return Int(options.businessErrorStatus)
    }
  }
}
