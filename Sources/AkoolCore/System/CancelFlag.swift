internal import CLinux

/// Tells a thread that its work is no longer wanted. Long work asks every few thousand bytes.
package final class CancelFlag: @unchecked Sendable {
  // Read and written atomically.
  private let value = UnsafeMutablePointer<UInt>.allocate(capacity: 1)

  package init() { value.initialize(to: 0) }

  deinit { value.deallocate() }

  package var isSet: Bool { akool_load(value) != 0 }

  package func set() { akool_store(value, 1) }
}
