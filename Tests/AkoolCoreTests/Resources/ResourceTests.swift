import Testing

@testable import AkoolCore

@Suite struct ResourceTests {
  @Test(
    arguments: [
      ("https://a.b/c/video.mp4?sig=1", "video.mp4"), ("https://a.b/", "resource"), ("https://a.b", "resource"),
      ("https://a.b/..%2f..%2fetc", "2f..2fetc"), ("https://a.b/x%00y", "x_00y"), ("https://a.b/.profile", "profile"),
      ("https://a.b/-rf", "rf"), ("https://a.b/a b", "resource"),
    ])
  func namesOfServersAreMadeHarmless(_ url: String, _ name: String) {
    let suggested = ResourceName.suggested(by: url)
    #expect(!suggested.isEmpty && suggested.utf8.count <= 150)
    #expect(!suggested.hasPrefix(".") && !suggested.hasPrefix("-") && !suggested.contains("/"))
    if !url.contains("%") && !url.contains(" ") { #expect(suggested == name) }
  }

  @Test func longNamesKeepTheirEnding() {
    let name = ResourceName.suggested(by: "https://a.b/" + String(repeating: "x", count: 400) + ".mp4")
    #expect(name.utf8.count == 150 && name.hasSuffix(".mp4"))
  }

  @Test(
    arguments: [
      ("bytes 0-99/1000", 0, 1000), ("bytes 5-5/6", 5, 6), ("Bytes 0-99/*", 0, nil), ("bytes */1000", nil, 1000),
    ] as [(String, Int64?, Int64?)])
  func rangesAreRead(_ text: String, _ start: Int64?, _ total: Int64?) {
    let range = ContentRange(text)
    #expect(range?.start == start && range?.total == total && range != nil)
  }

  @Test(
    arguments: [
      "", "bytes", "bytes 0-99", "bytes 9-0/10", "items 0-9/10", "bytes -1-9/10", "bytes 0-9/x", "bytes a-b/10",
      "bytes 0-9/99999999999999999999", "bytes 0-9/10 20",
    ])
  func whatIsNoRangeIsNot(_ text: String) { #expect(ContentRange(text) == nil) }

  @Test(
    arguments: [
      (0x7F00_0001, true), (0x0A01_0203, true), (0xAC1F_FFFF, true), (0xAC20_0000, false), (0xC0A8_0101, true),
      (0xC0A9_0101, false), (0xA9FE_A9FE, true), (0x6440_0001, true), (0x6480_0001, false), (0x0808_0808, false),
      (0x0000_0000, true), (0xE000_0001, true), (0xFFFF_FFFF, true), (0x0101_0101, false),
    ] as [(UInt32, Bool)])
  func privateAddressesOfOldKind(_ address: UInt32, _ isPrivate: Bool) {
    #expect(PrivateAddress.isPrivate(ipv4: address) == isPrivate)
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: address >> (24 - 8 * $0)) }
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + bytes
    #expect(PrivateAddress.isPrivate(ipv6: mapped) == isPrivate)
  }

  @Test func privateAddressesOfNewKind() {
    func address(_ head: [UInt8], last: UInt8 = 1) -> [UInt8] {
      head + [UInt8](repeating: 0, count: 15 - head.count) + [last]
    }
    for head: [UInt8] in [[], [0xFC], [0xFD, 1], [0xFE, 0x80], [0xFE, 0xC0], [0xFF, 2]] {
      #expect(PrivateAddress.isPrivate(ipv6: address(head)))
    }
    #expect(!PrivateAddress.isPrivate(ipv6: address([0x20, 0x01, 0x48, 0x60])))
    #expect(PrivateAddress.isPrivate(ipv6: []))
  }
}
