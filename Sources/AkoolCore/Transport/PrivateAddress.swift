internal import CCurl
internal import CLinux
internal import Glibc

/// Addresses inside networks that are nobody else's business: loopback, private, link-local and the like.
enum PrivateAddress {
  static func isPrivate(_ address: UnsafePointer<sockaddr>) -> Bool {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        isPrivate(ipv4: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
      }
    case AF_INET6:
      return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
        withUnsafeBytes(of: address.pointee.sin6_addr) { isPrivate(ipv6: Array($0)) }
      }
    default: return true
    }
  }

  static func isLoopback(_ address: UnsafePointer<sockaddr>) -> Bool {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        UInt32(bigEndian: $0.pointee.sin_addr.s_addr) >> 24 == 127
      }
    case AF_INET6:
      return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
        withUnsafeBytes(of: address.pointee.sin6_addr) { $0.dropLast().allSatisfy { $0 == 0 } && $0[15] == 1 }
      }
    default: return false
    }
  }

  static func isPrivate(ipv4 address: UInt32) -> Bool {
    // 0/8, 10/8, 100.64/10, 127/8, 169.254/16, 172.16/12, 192.0.0/24, 192.168/16, 198.18/15, multicast and above.
    let blocks: [(UInt32, UInt32)] = [
      (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
      (0xC000_0000, 24), (0xC0A8_0000, 16), (0xC612_0000, 15), (0xE000_0000, 3),
    ]
    return blocks.contains { address >> (32 - $0.1) == $0.0 >> (32 - $0.1) }
  }

  static func isPrivate(ipv6 bytes: [UInt8]) -> Bool {
    guard bytes.count == 16 else { return true }
    let isEmbedded = bytes.prefix(10).allSatisfy { $0 == 0 } && (bytes[10] == 0xFF || bytes[10] == 0)
    if isEmbedded || bytes.prefix(12).elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) {
      return isPrivate(ipv4: bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }
    // Unique local, link-local, site-local, multicast.
    return bytes[0] & 0xFE == 0xFC || bytes[0] == 0xFE && bytes[1] & 0x80 == 0x80 || bytes[0] == 0xFF
  }
}
