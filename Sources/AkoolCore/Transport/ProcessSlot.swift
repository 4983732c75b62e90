internal import CLinux

/// An object that belongs to one process: a forked child makes its own.
protocol ForkOwned: AnyObject, Sendable {
  /// `ForkGate.forkCount` when the object was made.
  var generation: UInt { get }
}

/// The process-wide objects of the library. A forked child never touches objects of its parent: their locks may be
/// locked there forever.
enum ProcessSlot: Int32 {
  case resolver
  case watchdog
  case curl

  /// Returns the object of this process, and makes it first if there is none.
  func object<Object: ForkOwned>(_ make: (_ generation: UInt) -> Object) -> Object {
    let cell = Self.cell(rawValue)
    let generation = ForkGate.forkCount
    while true {
      let seen = akool_load_ordered(cell)
      if let known: Object = Self.object(seen), known.generation == generation { return known }
      let made = Unmanaged.passRetained(make(generation))
      if akool_replace(cell, seen, UInt(bitPattern: made.toOpaque())) == seen { return made.takeUnretainedValue() }
      made.release()
    }
  }

  /// True if `mark` was called in this process or a parent.
  var isMarked: Bool { akool_load_ordered(Self.cell(rawValue)) != 0 }

  /// Marks the slot; false when it was marked already.
  func mark() -> Bool { akool_replace(Self.cell(rawValue), 0, 1) == 0 }

  private static func object<Object: AnyObject>(_ address: UInt) -> Object? {
    UnsafeRawPointer(bitPattern: address).map { Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Never inlined, so that all callers share the slots of this object file.
  @inline(never)
  private static func cell(_ number: Int32) -> UnsafeMutablePointer<UInt> { akool_process_slot(number) }
}
