/// Generated files that a client has met: their full URLs, which no ledger holds, and when to warn of their end.
struct DueResources {
  /// How long before the end warnings come, in milliseconds.
  static let warnings: [Int64] = [86_400_000, 3_600_000]
  /// How many are kept in mind; the ledger knows them all.
  static let limit = 10_000

  private struct Entry {
    var url: String?
    /// Nil for what is saved or gone.
    var due: LedgerResource?
    /// Which warning came last.
    var warnedAt = Int64.max
  }

  private var entries: [String: Entry] = [:]
  var timer: LoopTimer?

  /// Remembers a URL.
  ///
  /// - Returns: Whether the ledger has to hear of it.
  mutating func meet(_ url: String) -> Bool {
    let address = ResourceAddress.of(url)
    let isNew = entries[address] == nil
    if isNew, entries.count >= Self.limit { return true }
    entries[address, default: Entry()].url = url
    return isNew
  }

  /// The URL of an address, where one is known that can be asked.
  func url(_ resource: LedgerResource) -> String? {
    entries[resource.address]?.url ?? (resource.isSigned ? nil : resource.address)
  }

  /// What the ledger says is not saved yet.
  mutating func know(due resources: [LedgerResource]) {
    for address in entries.keys { entries[address]?.due = nil }
    for resource in resources.prefix(Self.limit) where entries[resource.address] != nil || entries.count < Self.limit {
      entries[resource.address, default: Entry()].due = resource
    }
  }

  mutating func forget(_ address: String) { entries[address]?.due = nil }

  /// Milliseconds until the next warning, or nil when none is to come.
  func untilNextWarning(_ now: Int64) -> Int64? {
    entries.values.compactMap { entry -> Int64? in
      guard let due = entry.due, let next = Self.warnings.first(where: { $0 < entry.warnedAt }), due.expiresAt > now
      else { return nil }
      return max(0, due.expiresAt - next - now)
    }.min()
  }

  /// The addresses of which to warn now; each counts as warned of.
  mutating func takeWarnings(_ now: Int64) -> Set<String> {
    var taken: Set<String> = []
    for (address, entry) in entries {
      guard let due = entry.due, due.expiresAt > now,
        let warning = Self.warnings.last(where: { due.expiresAt - now <= $0 }), warning < entry.warnedAt
      else { continue }
      entries[address]?.warnedAt = warning
      taken.insert(address)
    }
    return taken
  }
}

/// What of a URL can be written down.
enum ResourceAddress {
  /// Queries and fragments hold signatures.
  static func of(_ url: String) -> String {
    String(Substring(url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }))
  }
}
