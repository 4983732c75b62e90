import Testing

@testable import AkoolCore

@Suite struct NoProxyTests {
  @Test(arguments: [
    ("example.com", "example.com"), ("example.com", "www.example.com"), (".example.com", "example.com"),
    ("example.com.", "EXAMPLE.com"), ("example.com", "example.com."), ("a.test, example.com", "example.com"),
    ("a.test example.com", "example.com"), ("*", "anything.test"), ("10.0.0.0/8", "10.200.3.4"),
    ("127.0.0.1", "127.0.0.1"), ("192.168.0.0/0", "192.168.0.0"), ("fe80::/10", "[fe80::1]"), ("::1", "[::1]"),
    ("2001:db8::/33", "[2001:db8:7fff::1]"),
  ])
  func host_isAnException_whenThePatternCoversIt(_ list: String, _ host: String) {
    #expect(NoProxy(list).contains(host))
  }

  @Test(arguments: [
    ("", "example.com"), ("example.com", "nonexample.com"), ("www.example.com", "example.com"),
    ("*.example.com", "www.example.com"), ("10.0.0.0/8", "11.0.0.1"), ("10.0.0.0/33", "10.0.0.1"),
    ("192.168.0.0/0", "192.168.0.1"), ("2001:db8::/33", "[2001:db8:8000::1]"), ("a,b", ""), ("1.2.3.4", "[::1]"),
  ])
  func host_isNoException_whenNoPatternCoversIt(_ list: String, _ host: String) {
    #expect(!NoProxy(list).contains(host))
  }

  @Test func list_hasCommasAlone_whenItWasWrittenWithBlanks() {
    #expect(NoProxy(" a.test  b.test,,c.test\t").list == "a.test,b.test,c.test")
  }
}
