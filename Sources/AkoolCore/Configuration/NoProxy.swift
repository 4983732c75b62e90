internal import Glibc

/// Hosts that are reached without the proxy, by the rules of libcurl.
struct NoProxy: Sendable {
  /// Longest list that is taken, in bytes.
  static let maximumBytes = 16_384
  /// Longest text of an address that libcurl compares.
  private static let maximumAddress = 127

  private let patterns: [String]

  /// The list with commas alone: libcurl takes blanks between patterns until 8.2 only.
  var list: String { patterns.joined(separator: ",") }

  init(_ text: String) {
    patterns = text.utf8.split { $0 == UInt8(ascii: ",") || $0 == 0x20 || $0 == 0x09 }.map { String(Substring($0)) }
  }

  /// Returns true if a host is an exception. IPv6 addresses come in brackets.
  func contains(_ host: String) -> Bool {
    if host.isEmpty { return false }
    if patterns == ["*"] { return true }
    if host.hasPrefix("[") { return containsIPv6(host) }
    if let address = Self.bytes(AF_INET, host) { return patterns.contains { Self.covers(AF_INET, $0, address) } }
    let name = Self.plain(host)
    return patterns.contains { Self.covers(Self.plainPattern($0), name) }
  }

  private func containsIPv6(_ host: String) -> Bool {
    let text = String(host.dropFirst().prefix { $0 != "]" && $0 != "%" })
    guard let address = Self.bytes(AF_INET6, text) else { return false }
    return patterns.contains { Self.covers(AF_INET6, $0, address) }
  }

  // MARK: Names

  /// `example.com` covers itself and `www.example.com`, not `nonexample.com`.
  private static func covers(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    guard pattern.count <= name.count, name.suffix(pattern.count) == pattern else { return false }
    return pattern.count == name.count || name[name.endIndex - pattern.count - 1] == UInt8(ascii: ".")
  }

  private static func plain(_ name: String) -> ArraySlice<UInt8> {
    let bytes = name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return bytes.last == UInt8(ascii: ".") ? bytes.dropLast() : bytes[...]
  }

  private static func plainPattern(_ pattern: String) -> ArraySlice<UInt8> {
    let bytes = plain(pattern)
    return bytes.first == UInt8(ascii: ".") ? bytes.dropFirst() : bytes
  }

  // MARK: Addresses

  private static func covers(_ family: Int32, _ pattern: String, _ address: [UInt8]) -> Bool {
    guard pattern.utf8.count <= maximumAddress else { return false }
    let parts = pattern.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let network = bytes(family, String(parts[0])) else { return false }
    let whole = address.count * 8
    // As atoi has it: what is no number is 0, and 0 stands for all bits.
    let given = parts.count > 1 ? Int(parts[1].prefix { $0.isASCII && $0.isNumber }) ?? 0 : 0
    guard given <= whole else { return false }
    return haveCommonPrefix(network, address, given == 0 ? whole : given)
  }

  private static func haveCommonPrefix(_ first: [UInt8], _ second: [UInt8], _ bits: Int) -> Bool {
    guard first.prefix(bits / 8) == second.prefix(bits / 8) else { return false }
    guard bits % 8 != 0 else { return true }
    return (first[bits / 8] ^ second[bits / 8]) >> UInt8(8 - bits % 8) == 0
  }

  private static func bytes(_ family: Int32, _ text: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
    return inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }
}
