/// Every session ever, found by its id or by its account.
struct Sessions {
  private(set) var all: [Session] = []
  private var byID: [String: Int] = [:]
  private var byAccount: [Int64: [Int]] = [:]
  private var openByAccount: [Int64: Int64] = [:]

  private(set) var openCount = 0

  /// Adds an open session and tells its index, by which it is known from then on.
  mutating func add(_ session: Session) -> Int {
    let index = all.count
    all.append(session)
    byID[session.id] = index
    byAccount[session.uid, default: []].append(index)
    openByAccount[session.uid, default: 0] += 1
    openCount += 1
    return index
  }

  subscript(index: Int) -> Session { all[index] }

  func index(id: String, uid: Int64) -> Int? { byID[id].flatMap { all[$0].uid == uid ? $0 : nil } }

  /// Whoever's it is.
  func index(id: String) -> Int? { byID[id] }

  func openCount(_ uid: Int64) -> Int64 { openByAccount[uid] ?? 0 }

  /// The sessions of an account that had been opened by some time, the earliest first.
  func opened(by uid: Int64, until time: Milliseconds) -> [Session] {
    let indices = byAccount[uid] ?? []
    let count = indices.lastIndex { all[$0].openedAt <= time }.map { $0 + 1 } ?? 0
    return indices.prefix(count).map { all[$0] }
  }

  mutating func change(_ index: Int, _ body: (inout Session) -> Void) { body(&all[index]) }

  mutating func end(_ index: Int, at time: Milliseconds, _ reason: Session.EndReason) {
    all[index].endedAt = time
    all[index].endReason = reason
    openByAccount[all[index].uid, default: 0] -= 1
    openCount -= 1
  }
}
