/// What a program holds in place of a client: a number in the size of a pointer that points nowhere.
///
/// It names a slot of the table and which of the slot's successive owners is meant, mixed with the salt of
/// this copy of the library, so that a handle of another copy means nothing here.
struct Handle: Hashable, Sendable {
  let bits: UInt64

  init(slot: UInt32, generation: UInt32, salt: UInt64) {
    bits = (UInt64(generation) << 32 | UInt64(slot)) ^ salt
  }

  init(_ pointer: OpaquePointer?) {
    bits = UInt64(UInt(bitPattern: pointer))
  }

  /// The number as C passes it around. NULL is never given out.
  var pointer: OpaquePointer? { OpaquePointer(bitPattern: UInt(truncatingIfNeeded: bits)) }

  func slot(salt: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: bits ^ salt) }

  func generation(salt: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: (bits ^ salt) >> 32) }
}
