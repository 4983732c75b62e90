internal import Glibc

/// Looks up the hosts that one client connects to, and keeps their addresses. Confined to the client's loop.
///
/// An answer is fresh for a minute. An older one is used immediately and looked up again in the background, unless a
/// connection to the host has failed.
final class AddressBook {
  static let freshMilliseconds: Int64 = 60_000
  /// Pause before another lookup when the one in the background failed.
  private static let retryMilliseconds: Int64 = 5_000
  private static let maximumHosts = 64

  private let loop: EventLoop
  private let finder: RouteFinder
  private let family: NetworkSettings.Family
  private let resolver: Resolver
  private var hosts: [HostPort: KnownHost] = [:]
  /// In the order in which they were first needed.
  private var order: [HostPort] = []
  /// Entries of libcurl's cache that are to be removed.
  private var removals: [String] = []
  /// The last origin and what it needs: calls of a client mostly go to one.
  private var origin: [UInt8] = []
  private var originHosts: [KnownHost] = []

  init(_ network: NetworkSettings, _ loop: EventLoop, _ resolver: Resolver) {
    self.loop = loop
    self.resolver = resolver
    family = network.family
    finder = RouteFinder(network)
  }

  // MARK: What a URL needs

  /// Returns the hosts whose addresses libcurl needs for a URL.
  func route(_ url: String) throws(CurlURL.Fault) -> [KnownHost] {
    if Origin.matches(url, origin) { return originHosts }
    let needed = try finder.hosts(for: url)
    origin = []
    originHosts = needed.map(known)
    origin = Origin.bytes(url)
    return originHosts
  }

  private func known(_ need: RouteFinder.Need) -> KnownHost {
    if let host = hosts[need.host] { return host }
    makeRoom()
    let host = KnownHost(need)
    hosts[need.host] = host
    order.append(need.host)
    return host
  }

  /// Forgets the oldest host that nothing waits for.
  private func makeRoom() {
    guard order.count >= Self.maximumHosts,
      let index = order.firstIndex(where: { hosts[$0]?.waiting.isEmpty == true && hosts[$0]?.lookup == nil })
    else { return }
    let oldest = order.remove(at: index)
    hosts[oldest] = nil
    origin = []
    removals.append("-\(oldest.name):\(oldest.port)")
  }

  // MARK: Lookups

  /// Returns the first host that a transfer has to wait for, and looks up what is missing or old.
  func firstMissing(_ hosts: [KnownHost]) throws(TransferFailure) -> KnownHost? {
    for host in hosts where host.mustBeResolved || host.freshUntil <= loop.now {
      let isMissing = host.mustBeResolved
      do throws(TransferFailure) { try lookUp(host) } catch { if isMissing { throw error } }
      if isMissing { return host }
    }
    return nil
  }

  private func lookUp(_ host: KnownHost) throws(TransferFailure) {
    guard host.lookup == nil else { return }
    guard host.host.isName else { throw Self.unresolved(host) }
    let (key, loop) = (host.host, loop)
    let back = LoopCallback<NameAnswer> { [weak self] in self?.receive($0, key) }
    do throws(ThreadFailure) {
      host.lookup = try resolver.resolve(HostName(text: key.name, family: family)) { answer in
        loop.post { back.call(answer) }
      }
    } catch {
      host.freshUntil = loop.now.adding(milliseconds: Self.retryMilliseconds)
      throw Self.noThread(host, error)
    }
  }

  private func receive(_ answer: NameAnswer, _ key: HostPort) {
    guard let host = hosts[key], host.lookup != nil else { return }
    host.lookup = nil
    let waiting = host.waiting
    host.waiting = []
    switch answer {
    case .addresses(let found):
      host.learn(found, freshUntil: loop.now.adding(milliseconds: Self.freshMilliseconds))
      for transfer in waiting { transfer.proceed() }
    case .unknown:
      host.freshUntil = loop.now.adding(milliseconds: Self.retryMilliseconds)
      for transfer in waiting { transfer.fail(Self.unresolved(host)) }
    }
  }

  /// Ends the wait of one transfer, and the lookup when it was for that alone.
  func leave(_ host: KnownHost, _ transfer: PendingTransfer) {
    host.waiting.removeAll { $0 === transfer }
    guard host.waiting.isEmpty, host.mustBeResolved else { return }
    endLookup(host)
  }

  func shutDown() {
    for host in order.compactMap({ hosts[$0] }) {
      endLookup(host)
      for transfer in host.waiting { transfer.drop() }
      host.waiting = []
    }
    hosts = [:]
    order = []
    originHosts = []
    origin = []
  }

  private func endLookup(_ host: KnownHost) {
    guard let lookup = host.lookup else { return }
    host.lookup = nil
    resolver.cancel(lookup, HostName(text: host.host.name, family: family))
  }

  // MARK: libcurl's cache

  /// Returns the entries that libcurl's cache lacks for these hosts, and those to remove from it.
  func entries(for hosts: [KnownHost]) -> (texts: [String], loads: [(host: KnownHost, version: Int)]) {
    var (texts, loads): ([String], [(host: KnownHost, version: Int)]) = ([], [])
    for host in hosts {
      guard let entry = host.entryToLoad else { continue }
      texts.append(entry.text)
      loads.append((host, entry.version))
    }
    guard !texts.isEmpty else { return (texts, loads) }
    defer { removals = [] }
    return (removals + texts, loads)
  }

  // MARK: Failures

  static func unresolved(_ host: KnownHost) -> TransferFailure {
    TransferFailure(.nameResolution, "Could not resolve \(host.description)", delivery: .notSent)
  }

  private static func noThread(_ host: KnownHost, _ failure: ThreadFailure) -> TransferFailure {
    let reason = SystemError.describe(failure.number)
    return TransferFailure(
      .nameResolution,
      "Could not resolve \(host.description): no thread could be started for it (\(reason)). "
        + "Raise the limit of threads (ulimit -u, cgroup pids.max)",
      delivery: .notSent)
  }
}

/// The scheme and authority in front of a URL, compared without parsing.
private enum Origin {
  static func bytes(_ url: String) -> [UInt8] {
    let bytes = Array(url.utf8)
    guard let start = URLPrivacy.authority(in: bytes, from: 0) else { return [] }
    return Array(bytes[..<(bytes[start...].firstIndex(where: endsAuthority) ?? bytes.endIndex)])
  }

  static func matches(_ url: String, _ origin: [UInt8]) -> Bool {
    guard !origin.isEmpty else { return false }
    var url = url
    return url.withUTF8 { text in
      guard let start = text.baseAddress, text.count >= origin.count, memcmp(start, origin, origin.count) == 0 else {
        return false
      }
      return text.count == origin.count || endsAuthority(text[origin.count])
    }
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }
}
