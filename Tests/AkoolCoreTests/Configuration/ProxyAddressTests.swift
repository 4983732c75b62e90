import Testing

@testable import AkoolCore

@Suite struct ProxyAddressTests {
  @Test(arguments: [
    ("proxy.test", "proxy.test", 1080), ("http://proxy.test", "proxy.test", 1080),
    ("https://Proxy.test", "proxy.test", 443), ("http://user:pass@proxy.test:3128", "proxy.test", 3128),
    ("socks5h://proxy.test", "proxy.test", 1080), ("http://[::1]:8080", "[::1]", 8080),
  ])
  func proxy_hasTheHostAndPortOfLibcurl_whenItsURLIsRead(_ text: String, _ host: String, _ port: Int) throws {
    #expect(try ProxyAddress.parse(text)?.host == HostPort(name: host, port: port))
  }

  @Test(arguments: [
    ("socks4://p", true), ("socks://p", true), ("socks5://p", true), ("socks4a://p", false), ("socks5h://p", false),
    ("http://p", false),
  ])
  func targetIsLookedUpHere_whenTheProxyTakesAddresses(_ text: String, _ isLocal: Bool) throws {
    #expect(try ProxyAddress.parse(text)?.resolvesLocally == isLocal)
  }

  @Test(arguments: ["ftp://user:canary@host", "http://user:canary@", "http://user:can/canary@host:1", "::canary@::"])
  func proxy_isRefusedWithoutAnEcho_whenLibcurlDoesNotReadIt(_ text: String) {
    let error = #expect(throws: AkoolError.self) { try ProxyAddress.parse(text) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("canary") == false)
  }

  @Test func proxy_isNone_whenTheTextIsEmpty() throws { #expect(try ProxyAddress.parse("") == nil) }
}

@Suite struct NetworkInterfaceTests {
  @Test(arguments: [
    ("eth0", "if!eth0"), ("if!eth0", "if!eth0"), ("lo", "if!lo"), ("192.0.2.7", "host!192.0.2.7"),
    ("host!192.0.2.7", "host!192.0.2.7"), ("2001:db8::1", "host!2001:db8::1"),
  ])
  func interface_isMarked_whenItIsANameOrAnAddress(_ text: String, _ option: String) throws {
    #expect(try NetworkInterface.option(text) == option)
  }

  @Test(arguments: [
    "card.example", "host!card.example", "if!card.example", "localhost", "a-name-that-is-too-long", "", "eth 0",
  ])
  func interface_isRefused_whenItCanOnlyBeAHostName(_ text: String) {
    let error = #expect(throws: AkoolError.self) { try NetworkInterface.option(text) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("interface") == true)
  }
}
