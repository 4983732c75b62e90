internal import CLinux
internal import Glibc

/// Looks names up in the system's name service, as libcurl does.
enum AddressLookup {
  /// A name with more addresses than that is not tried on all of them: each costs the loop a socket.
  private static let maximumAddresses = 16

  @Sendable static func addresses(of name: HostName) -> NameAnswer {
    var hints = addrinfo()
    hints.ai_family = family(name.family)
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard ForkGate.outside({ getaddrinfo(name.text, nil, &hints, &found) }) == 0 else { return .unknown }
    defer { freeaddrinfo(found) }
    let addresses = texts(found)
    return addresses.isEmpty ? .unknown : .addresses(addresses)
  }

  private static func family(_ wanted: NetworkSettings.Family) -> Int32 {
    switch wanted {
    case .any: return hasIPv6 ? AF_UNSPEC : AF_INET
    case .ipv4: return AF_INET
    case .ipv6: return AF_INET6
    }
  }

  /// True if the kernel supports IPv6.
  private static var hasIPv6: Bool {
    let descriptor = akool_socket(AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
  }

  private static func texts(_ first: UnsafeMutablePointer<addrinfo>?) -> [String] {
    var (texts, next): ([String], UnsafeMutablePointer<addrinfo>?) = ([], first)
    while let record = next?.pointee, texts.count < maximumAddresses {
      if let text = record.ai_addr.flatMap({ text(of: $0) }), !texts.contains(text) { texts.append(text) }
      next = record.ai_next
    }
    return texts
  }

  /// Without the scope of a link-local address, which libcurl does not read.
  private static func text(of address: UnsafePointer<sockaddr>) -> String? {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { text(AF_INET, $0.pointee.sin_addr) }
    case AF_INET6:
      return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { text(AF_INET6, $0.pointee.sin6_addr) }
    default: return nil
    }
  }

  private static func text<Address>(_ family: Int32, _ address: Address) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let isWritten = withUnsafePointer(to: address) { inet_ntop(family, $0, &buffer, socklen_t(buffer.count)) != nil }
    return isWritten ? String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }
}
