import AkoolCore
import Glibc
import Testing

@testable import AkoolABI

private final class Thing: Sendable {}

@Suite struct HandleTableTests {
  private let table = HandleTable<Thing>(salt: 0x5A17_0F0F_1234_5678)

  @Test func findsWhatWasInserted() throws {
    let things = (0..<100).map { _ in Thing() }
    let handles = things.map(table.insert)
    #expect(Set(handles).count == things.count)
    for (thing, handle) in zip(things, handles) { #expect(try table.element(of: handle) === thing) }
  }

  @Test func aHandleSurvivesTheTripThroughC() throws {
    let thing = Thing()
    let pointer = table.insert(thing).pointer
    #expect(pointer != nil)
    #expect(try table.element(of: Handle(pointer)) === thing)
  }

  @Test func whatIsNoHandleIsUnknown() {
    _ = table.insert(Thing())
    for bits in [0, 1, UInt.max, 0x5A17_0F0F_1234_5678, 1 << 63] {
      #expect(throws: HandleFault.unknown) { try table.element(of: Handle(OpaquePointer(bitPattern: bits))) }
    }
  }

  @Test func aRemovedHandleIsUnknownForEver() {
    let stale = table.insert(Thing())
    #expect(table.remove(stale) != nil)
    for _ in 0..<1_000 {
      let next = table.insert(Thing())
      #expect(next != stale)
      #expect(throws: HandleFault.unknown) { try table.element(of: stale) }
      #expect(table.remove(stale) == nil)
      table.remove(next)
    }
  }

  @Test func aHandleOfAnotherTableIsUnknown() {
    let other = HandleTable<Thing>()
    let foreign = other.insert(Thing())
    _ = table.insert(Thing())
    #expect(throws: HandleFault.unknown) { try table.element(of: foreign) }
  }

  @Test func theTableLetsGoOfWhatIsRemoved() {
    weak var observed: Thing?
    let handle: Handle
    do {
      let thing = Thing()
      observed = thing
      handle = table.insert(thing)
    }
    #expect(observed != nil)
    table.remove(handle)
    #expect(observed == nil)
  }
}

@Suite struct HandleGenerationTests {
  @Test func aSlotIsGivenUpBeforeAHandleComesAgain() {
    let table = HandleTable<Thing>(salt: 7, lastGeneration: 3)
    var seen: Set<Handle> = []
    for _ in 0..<100 {
      let handle = table.insert(Thing())
      #expect(seen.insert(handle).inserted)
      table.remove(handle)
    }
  }

  @Test func noHandleIsNull() {
    // Slot 0 in generation 2 would be 0 with this salt.
    let table = HandleTable<Thing>(salt: 2 << 32, lastGeneration: 4)
    for _ in 0..<20 {
      let handle = table.insert(Thing())
      #expect(handle.pointer != nil)
      table.remove(handle)
    }
  }

  @Test func theFirstHandleOfASlotIsNotNullEither() {
    let table = HandleTable<Thing>(salt: 1 << 32)
    #expect(table.insert(Thing()).pointer != nil)
  }
}

@Suite struct HandleClaimTests {
  private let table = HandleTable<Thing>()

  @Test func oneClaimSucceeds() throws {
    let handle = table.insert(Thing())
    try table.claim(handle)
    #expect(throws: HandleFault.unknown) { try table.claim(handle) }
  }

  @Test func whatIsClaimedIsStillFound() throws {
    let thing = Thing()
    let handle = table.insert(thing)
    try table.claim(handle)
    #expect(try table.element(of: handle) === thing)
  }

  @Test func aClaimMayBeTakenBack() throws {
    let handle = table.insert(Thing())
    try table.claim(handle)
    table.unclaim(handle)
    try table.claim(handle)
  }

  @Test func theNextOwnerOfASlotIsNotClaimed() throws {
    let handle = table.insert(Thing())
    try table.claim(handle)
    table.remove(handle)
    try table.claim(table.insert(Thing()))
  }

  @Test func takingBackAStaleClaimDoesNotTouchTheNextOwner() throws {
    let stale = table.insert(Thing())
    try table.claim(stale)
    table.remove(stale)
    let next = table.insert(Thing())
    try table.claim(next)
    table.unclaim(stale)
    #expect(throws: HandleFault.unknown) { try table.claim(next) }
  }

  @Test func ofManyThreadsOneClaims() {
    for _ in 0..<200 {
      let race = ClaimRace(table, table.insert(Thing()))
      #expect(race.winners() == 1)
    }
  }
}

@Suite struct HandleForkTests {
  private final class Forks: @unchecked Sendable {
    // Touched by one thread.
    var count: UInt = 0
  }

  private let forks = Forks()
  private let table: HandleTable<Thing>

  init() {
    table = HandleTable { [forks] in forks.count }
  }

  @Test func handle_isForked_inTheChild() throws {
    let handle = table.insert(Thing())
    forks.count += 1
    #expect(throws: HandleFault.forked) { try table.element(of: handle) }
    #expect(throws: HandleFault.forked) { try table.claim(handle) }
    #expect(table.remove(handle) == nil)
    let own = table.insert(Thing())
    #expect(own != handle)
    _ = try table.element(of: own)
  }

  @Test func handle_staysUnknown_whenRemovedBeforeTheFork() {
    let handle = table.insert(Thing())
    table.remove(handle)
    forks.count += 1
    #expect(throws: HandleFault.unknown) { try table.element(of: handle) }
  }
}

/// Threads that claim one handle at the same moment.
private final class ClaimRace: @unchecked Sendable {
  // `wins` is guarded by `mutex`; the rest is constant.
  private let table: HandleTable<Thing>
  private let handle: Handle
  private let mutex = Lock()
  private var wins = 0

  init(_ table: HandleTable<Thing>, _ handle: Handle) {
    self.table = table
    self.handle = handle
  }

  func winners() -> Int {
    var threads = [pthread_t](repeating: pthread_t(), count: 4)
    for index in threads.indices {
      pthread_create(&threads[index], nil, runClaim, Unmanaged.passRetained(self).toOpaque())
    }
    for thread in threads { pthread_join(thread, nil) }
    return wins
  }

  fileprivate func claim() {
    guard (try? table.claim(handle)) != nil else { return }
    mutex.lock()
    wins += 1
    mutex.unlock()
  }
}

private func runClaim(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<ClaimRace>.fromOpaque(context).takeRetainedValue().claim()
  return nil
}
