import AkoolCore
import Testing

/// libcurl against what no service answers; the suites in Python have servers that misbehave.
@Suite(.timeLimit(.minutes(1))) struct CurlTransportTests {
  private func error(_ base: String, _ more: JSONObject = [:]) throws -> JSON {
    var configuration: JSONObject = [
      "base_url": .string(base), "api_key": "k", "environment": false, "max_attempts": 1,
    ]
    configuration.merge(more)
    let client = try Client(configuration: .object(configuration))
    defer { try? client.destroy() }
    return try client.call("account.credit").json["error"] ?? .null
  }

  @Test func aClosedPortIsUnavailable() throws {
    let error = try error("http://127.0.0.1:1")
    #expect(error["code"] == "UNAVAILABLE" && error["retryable"] == true)
    #expect(error["hint"]?.string?.contains("base_url") == true)
  }

  @Test func aNameThatDoesNotResolveIsUnavailable() throws {
    #expect(try error("https://host.invalid")["code"] == "UNAVAILABLE")
  }

  @Test func aBadProxyIsNamed() throws {
    #expect(try error("https://host.invalid", ["proxy": "http://127.0.0.1:1"])["code"] == "UNAVAILABLE")
  }
}
