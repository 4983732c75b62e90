internal import AkoolCore

/// A value behind a lock.
///
/// `@unchecked Sendable`: `value` is made in `init` by a `@Sendable` closure, so that nobody else has it, and is only
/// reached with the lock held.
final class Locked<Value>: @unchecked Sendable {
  private let lock = Lock()
  private var value: Value

  init(_ make: @Sendable () -> Value) { value = make() }

  func withLock<Result: Sendable, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure)
    -> Result
  {
    try lock.withLock { () throws(Failure) in try body(&value) }
  }
}
