internal import CLinux

/// A request to stop, made by one thread and polled by the thread that works.
public final class CancelFlag: @unchecked Sendable {
  // Read and written atomically.
  private let number = UnsafeMutablePointer<UInt>.allocate(capacity: 1)

  /// Creates a flag that is not set.
  public init() { number.initialize(to: 0) }

  deinit { number.deallocate() }

  /// True once the stop was requested.
  public var isSet: Bool { akool_load(number) != 0 }

  /// Requests the stop. The flag stays set.
  public func set() { akool_store(number, 1) }
}
