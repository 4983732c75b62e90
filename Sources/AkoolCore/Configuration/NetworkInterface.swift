internal import Glibc

/// The interface or address that connections come from.
enum NetworkInterface {
  /// The longest name of an interface of Linux.
  private static let maximumLength = 15

  /// Returns the text for libcurl, which says whether it is a name or an address: libcurl would look up anything else
  /// in the DNS, on the loop's thread.
  static func option(_ text: String) throws(AkoolError) -> String {
    if text.hasPrefix("if!") { return "if!" + (try name(String(text.dropFirst(3)))) }
    let address = text.hasPrefix("host!") ? String(text.dropFirst(5)) : text
    if IPAddress.isValid(address) { return "host!" + address }
    if text.hasPrefix("host!") { throw refused(text) }
    return "if!" + (try name(text))
  }

  /// Refuses the name of a missing interface only if it looks like a host: an interface may come up later.
  private static func name(_ text: String) throws(AkoolError) -> String {
    guard !text.isEmpty, text.utf8.count <= maximumLength,
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2F })
    else { throw refused(text) }
    let looksLikeHost = text.utf8.contains(UInt8(ascii: ".")) || text == "localhost"
    if looksLikeHost, if_nametoindex(text) == 0 { throw refused(text) }
    return text
  }

  private static func refused(_ text: String) -> AkoolError {
    AkoolError(
      .invalidArgument,
      "configuration: interface: \(SchemaValidator.quoted(text)) is no network interface and no address",
      hint: "Give a name such as eth0, or an IP address of this machine. Host names are not looked up.")
  }
}
