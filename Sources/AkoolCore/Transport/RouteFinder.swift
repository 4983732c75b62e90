internal import CCurl

/// Finds the hosts that libcurl looks up for a URL: the proxy's, the URL's, or both.
struct RouteFinder: Sendable {
  private let proxy: ProxyAddress?
  private let noProxy: NoProxy
  private let fixed: Set<HostPort>

  init(_ network: NetworkSettings) {
    proxy = network.proxyAddress
    noProxy = network.noProxy
    fixed = Set(network.resolve.compactMap(FixedAddress.host))
  }

  /// Returns the hosts that need an address, without those that are known to libcurl.
  func hosts(for url: String) throws(CurlURL.Fault) -> [Need] {
    guard let target = try Self.target(url) else { return [] }
    guard let proxy, !noProxy.contains(target.name) else { return wanted([Need(host: target, isProxy: false)]) }
    let first = Need(host: proxy.host, isProxy: true)
    return wanted(proxy.resolvesLocally ? [first, Need(host: target, isProxy: false)] : [first])
  }

  /// A host that needs an address.
  struct Need: Equatable {
    let host: HostPort
    let isProxy: Bool
  }

  private func wanted(_ needs: [Need]) -> [Need] {
    needs.filter { need in
      let anyName = HostPort(name: "*", port: need.host.port)
      return !need.host.needsNoLookup && !fixed.contains(need.host) && !fixed.contains(anyName)
    }
  }

  private static func target(_ text: String) throws(CurlURL.Fault) -> HostPort? {
    let url = try CurlURL(text)
    guard let name = try url.host(), let port = try url.part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) })
    else { return nil }
    return HostPort(name: name, port: port)
  }
}

/// An entry of the configuration's `resolve`: `host:port:address`.
enum FixedAddress {
  /// Returns the host of an entry.
  static func host(_ entry: String) -> HostPort? {
    let parts = entry.drop { $0 == "+" }.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let port = Int(parts[1]) else { return nil }
    return HostPort(name: parts[0].lowercased(), port: port)
  }

  /// True if all addresses of an entry are this machine's.
  static func staysHere(_ entry: String) -> Bool {
    let parts = entry.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !entry.hasPrefix("-") else { return true }
    return parts[2].split(separator: ",").allSatisfy { $0 == "::1" || URLParts.isLoopback(address: String($0)) }
  }

  /// The entry for libcurl. With a plus sign libcurl would forget the address after a minute and look the host up.
  static func entry(_ text: String) -> String { String(text.drop { $0 == "+" }) }
}
