internal import Glibc

/// A host and a port, as libcurl keys its addresses.
struct HostPort: Hashable, Sendable {
  /// The longest name of the DNS, with a dot at its end.
  private static let maximumLength = 254

  /// In small letters; IPv6 addresses in brackets.
  let name: String
  let port: Int

  /// True if libcurl connects without the name service.
  var needsNoLookup: Bool {
    name == "localhost" || name.hasSuffix(".localhost") || name.hasPrefix("[") || IPAddress.isValid(name)
  }

  /// True if the text can be a name. A leading sign means something else in libcurl's list of addresses.
  var isName: Bool {
    !name.isEmpty && name.utf8.count <= Self.maximumLength
      && name.utf8.allSatisfy { $0 > 0x20 && !":,*".utf8.contains($0) } && !name.hasPrefix("-") && !name.hasPrefix("+")
  }
}

/// Numeric addresses.
enum IPAddress {
  static func isValid(_ text: String) -> Bool {
    var buffer = in6_addr()
    return inet_pton(AF_INET, text, &buffer) == 1 || inet_pton(AF_INET6, text, &buffer) == 1
  }
}
