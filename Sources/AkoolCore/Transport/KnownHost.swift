/// The addresses of one host, as a client has them. Confined to the client's loop.
final class KnownHost {
  let host: HostPort
  let isProxy: Bool
  private(set) var addresses: [String] = []
  /// Until then the addresses are used without another lookup.
  var freshUntil = Instant(nanoseconds: 0)
  /// A connection to the addresses failed, or there are none.
  private(set) var mustBeResolved = true
  /// The lookup under way.
  var lookup: NameWaiter?
  var waiting: [PendingTransfer] = []
  /// Counts the changes of the addresses.
  private var version = 0
  private var loadedVersion = 0

  init(_ need: RouteFinder.Need) {
    host = need.host
    isProxy = need.isProxy
  }

  /// The name as libcurl writes it in error messages.
  var description: String { "\(isProxy ? "proxy" : "host"): \(host.name)" }

  /// Stores new addresses. If they differ, `entryToLoad` returns a new entry for libcurl.
  func learn(_ found: [String], freshUntil moment: Instant) {
    freshUntil = moment
    mustBeResolved = false
    guard found != addresses else { return }
    addresses = found
    version += 1
  }

  /// Notes that no connection came about.
  func distrust() { mustBeResolved = true }

  /// Entry for libcurl's cache of addresses; nil if the cache has it already, or there are no addresses.
  var entryToLoad: (text: String, version: Int)? {
    guard version != loadedVersion, !addresses.isEmpty else { return nil }
    return ("\(host.name):\(host.port):\(addresses.joined(separator: ","))", version)
  }

  /// libcurl has taken the entry of this version.
  func didLoad(_ version: Int) { loadedVersion = version }
}
