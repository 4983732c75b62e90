internal import AkoolCore

/// Gives out handles for objects and finds the objects again.
///
/// Nothing is dereferenced, so any number may come in as a handle. A look-up is a few instructions under a
/// lock and hands out a reference of its own: an object that is in use survives its removal.
final class HandleTable<Element: AnyObject & Sendable>: @unchecked Sendable {
  // `slots` and `free` are guarded by `mutex`; the rest is constant.
  private let mutex = Lock()
  private let salt: UInt64
  private let lastGeneration: UInt32
  private var slots: [Slot] = []
  private var free: [UInt32] = []
  private let forkCount: @Sendable () -> UInt

  private struct Slot {
    var generation: UInt32
    var element: Element?
    var forkCount: UInt = 0
    var isClaimed = false
  }

  /// - Parameters:
  ///   - lastGeneration: Number of times that a slot is used, so that no handle ever comes again.
  ///   - forkCount: Returns what changes in a forked child: every object of before belongs to the parent there.
  init(
    salt: UInt64 = Salt.random(), lastGeneration: UInt32 = .max,
    forkCount: @escaping @Sendable () -> UInt = { ForkGate.forkCount }
  ) {
    self.salt = salt
    self.forkCount = forkCount
    self.lastGeneration = lastGeneration
  }

  func insert(_ element: Element) -> Handle {
    mutex.lock()
    defer { mutex.unlock() }
    let slot = free.popLast() ?? grow()
    let index = Int(slot)
    slots[index].element = element
    slots[index].forkCount = forkCount()
    slots[index].isClaimed = false
    return Handle(slot: slot, generation: slots[index].generation, salt: salt)
  }

  func element(of handle: Handle) throws(HandleFault) -> Element {
    mutex.lock()
    defer { mutex.unlock() }
    return try find(handle).element
  }

  /// Marks the object as being destroyed by this caller; of several callers one succeeds. Others still find it.
  func claim(_ handle: Handle) throws(HandleFault) {
    mutex.lock()
    defer { mutex.unlock() }
    let (index, _) = try find(handle)
    if slots[index].isClaimed { throw .unknown }
    slots[index].isClaimed = true
  }

  /// Takes a claim back.
  func unclaim(_ handle: Handle) {
    mutex.lock()
    defer { mutex.unlock() }
    if let found = try? find(handle) { slots[found.index].isClaimed = false }
  }

  /// The handle leads nowhere from now on. The caller gets the table's reference, to let go of it unlocked.
  @discardableResult
  func remove(_ handle: Handle) -> Element? {
    mutex.lock()
    defer { mutex.unlock() }
    guard let (index, element) = try? find(handle) else { return nil }
    slots[index].element = nil
    if let next = generation(after: slots[index].generation, in: UInt32(index)) {
      slots[index].generation = next
      free.append(UInt32(index))
    }
    return element
  }

  private func find(_ handle: Handle) throws(HandleFault) -> (index: Int, element: Element) {
    let index = Int(handle.slot(salt: salt))
    guard index < slots.count, slots[index].generation == handle.generation(salt: salt),
      let element = slots[index].element
    else { throw .unknown }
    if slots[index].forkCount != forkCount() { throw .forked }
    return (index, element)
  }

  private func grow() -> UInt32 {
    let slot = UInt32(truncatingIfNeeded: slots.count)
    slots.append(Slot(generation: generation(after: 0, in: slot) ?? lastGeneration))
    return slot
  }

  /// Nil when the slot is used up. Leaves out the generation whose handle would be NULL.
  private func generation(after generation: UInt32, in slot: UInt32) -> UInt32? {
    guard generation < lastGeneration else { return nil }
    let next = generation + 1
    let isNull = Handle(slot: slot, generation: next, salt: salt).bits == 0
    return isNull ? self.generation(after: next, in: slot) : next
  }
}
