import Testing

@testable import AkoolCore

@Suite struct RouteFinderTests {
  private func hosts(_ url: String, _ more: JSONObject = [:]) throws -> [String] {
    var configuration: JSONObject = ["api_key": "k", "environment": false]
    configuration.merge(more)
    let network = try ConfigurationReader.read(.object(configuration)).network
    return try RouteFinder(network).hosts(for: url).map { "\($0.host.name):\($0.host.port)" }
  }

  @Test(arguments: [
    "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/", "http://a.localhost:80", "http://127.1/",
  ])
  func nothingIsLookedUp_whenTheHostIsAnAddressOrLocal(_ url: String) throws { #expect(try hosts(url) == []) }

  @Test(arguments: [
    ("https://Service.Example/x?y", "service.example:443"), ("http://service.example", "service.example:80"),
    ("https://service.example:8443/", "service.example:8443"), ("https://service.example./", "service.example.:443"),
  ])
  func host_isLookedUp_whenThereIsNoProxy(_ url: String, _ host: String) throws { #expect(try hosts(url) == [host]) }

  @Test(arguments: [
    ("http://p.test", ["p.test:1080"]), ("socks5h://p.test:9", ["p.test:9"]), ("http://127.0.0.1:9", []),
    ("socks5://p.test", ["p.test:1080", "a.test:443"]), ("socks4://127.0.0.1", ["a.test:443"]),
  ])
  func proxy_isLookedUp_whenOneIsUsed(_ proxy: String, _ expected: [String]) throws {
    #expect(try hosts("https://a.test/", ["proxy": .string(proxy)]) == expected)
  }

  @Test func host_isLookedUp_whenItIsAnExceptionFromTheProxy() throws {
    #expect(try hosts("https://a.test/", ["proxy": "http://p.test", "no_proxy": "b.test a.test"]) == ["a.test:443"])
  }

  @Test(arguments: ["a.test:443:192.0.2.1", "+A.test:443:192.0.2.1", "*:443:192.0.2.1"])
  func nothingIsLookedUp_whenTheAddressIsFixed(_ entry: String) throws {
    #expect(try hosts("https://a.test/", ["resolve": [.string(entry)]]) == [])
    #expect(try hosts("https://a.test:8443/", ["resolve": [.string(entry)]]) == ["a.test:8443"])
  }
}
