import AkoolCore
import Testing

@testable import struct AkoolCore.ConfigurationReader
@testable import struct AkoolCore.Environment

@Suite struct ConfigurationTests {
  private func read(_ json: JSON, _ variables: [String: String] = [:]) throws -> Configuration {
    try ConfigurationReader.read(json, environment: Environment(variables))
  }

  private func fault(_ json: JSON, _ variables: [String: String] = [:]) -> AkoolError? {
    #expect(throws: AkoolError.self) { try read(json, variables) }
  }

  @Test func hasDefaults() throws {
    let configuration = try read(["api_key": "k"])
    #expect(configuration.baseURL == "https://openapi.akool.com")
    #expect(configuration.timeout == 30_000)
    #expect(configuration.limits.inFlightPerHost == 64)
  }

  @Test func namesTheNearestKey() {
    let error = fault(["api_kye": "k"])
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("api_kye") == true)
    #expect(error?.message.contains("\"api_key\"") == true)
  }

  @Test(
    arguments: [
      (JSON.array([]), "JSON object"), (["api_key": "k", "timeout_ms": 0], "timeout_ms"),
      (["api_key": "k", "timeout_ms": "5"], "must be an integer"),
      (["api_key": "k", "base_url": "ftp://x"], "base_url"),
      (["api_key": "k", "base_url": "http://example.com"], "clear"),
      (["api_key": "k", "base_url": "https://u:p@example.com"], "user"),
      (["api_key": "k", "base_url": "https://example.com/?a=1"], "query"),
      (["api_key": "k", "user_agent_suffix": "a\nb"], "printable"),
    ] as [(JSON, String)])
  func refuses(_ json: JSON, _ reason: String) {
    let error = fault(json)
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:9", "http://127.8.9.1"])
  func allowsPlainHTTPToLoopback(_ url: String) throws {
    #expect(try read(["api_key": "k", "base_url": .string(url)]).baseURL == url)
  }

  @Test(arguments: [
    "http://127.0.0.1.example.com", "http://localhost.example.com", "http://1270.0.0.1", "http://[::2]",
  ])
  func refusesWhatOnlyLooksLikeLoopback(_ url: String) {
    #expect(fault(["api_key": "k", "base_url": .string(url)])?.code == .invalidArgument)
  }

  @Test func withoutCredentialsNamesTheVariables() {
    let error = fault([:])
    #expect(error?.code == .unauthenticated)
    for name in ["AKOOL_API_KEY", "AKOOL_TOKEN", "AKOOL_CLIENT_ID", "AKOOL_CLIENT_SECRET"] {
      #expect(error?.hint?.contains(name) == true)
    }
  }

  @Test func configurationComesBeforeTheEnvironment() throws {
    let variables = ["AKOOL_API_KEY": "from-environment", "AKOOL_BASE_URL": "https://environment.example"]
    guard case .apiKey(let key) = try read(["api_key": "given"], variables).credentials else {
      return #expect(Bool(false))
    }
    #expect(key == "given")
    guard case .token = try read(["token": "given"], variables).credentials else { return #expect(Bool(false)) }
    #expect(try read([:], variables).baseURL == "https://environment.example")
    #expect(fault(["environment": false], variables)?.code == .unauthenticated)
  }

  @Test func keyBeforeTokenBeforeIDAndSecret() throws {
    let all: JSON = ["api_key": "k", "token": "t", "client_id": "i", "client_secret": "s"]
    guard case .apiKey = try read(all).credentials else { return #expect(Bool(false)) }
    guard case .client = try read(["client_id": "i", "client_secret": "s"]).credentials else {
      return #expect(Bool(false))
    }
    #expect(fault(["client_id": "i"])?.hint?.contains("AKOOL_CLIENT_SECRET") == true)
  }

  @Test(arguments: ["Bearer canary", "bearer canary", "can ary", "canary\n", "canary\u{7F}", "canäry", "\tcanary"])
  func refusesBadKeysWithoutEchoingThem(_ key: String) {
    let error = fault(["api_key": .string(key)])
    #expect(error?.code == .invalidArgument)
    let text = error?.json.serialized() ?? ""
    #expect(text.contains("api_key"))
    #expect(!text.contains("canary") && !text.contains("ary") && !text.contains("canä"))
  }

  @Test func simulatorNeedsNoKey() throws { #expect(try read(["base_url": "simulator:"]).isSimulated) }

  @Test(
    arguments: [
      ("https://h.test", ["https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"], "http://a:1"),
      ("https://h.test", ["HTTPS_PROXY": "http://b:1", "http_proxy": "http://c:1"], "http://b:1"),
      ("https://h.test", ["ALL_PROXY": "http://d:1"], "http://d:1"),
      ("http://127.0.0.1", ["http_proxy": "http://c:1", "HTTPS_PROXY": "http://b:1"], "http://c:1"),
      ("http://127.0.0.1", ["HTTP_PROXY": "http://c:1", "HTTPS_PROXY": "http://b:1"], ""),
      ("http://127.0.0.1", ["all_proxy": "http://d:1"], "http://d:1"),
    ] as [(String, [String: String], String)])
  func proxy_isThatOfCurl_whenItComesFromTheEnvironment(
    _ base: String, _ variables: [String: String], _ proxy: String
  ) throws {
    let configuration: JSON = ["api_key": "k", "base_url": .string(base), "allow_insecure_http": true]
    #expect(try read(configuration, variables).network.proxy == proxy)
  }

  @Test func environmentHasNoProxyForPlainHTTP() throws {
    let variables = ["http_proxy": "http://c:1", "all_proxy": "http://d:1"]
    #expect(try read(["api_key": "k", "base_url": "http://127.0.0.1"], variables).network.proxy.isEmpty)
  }
}
