internal import CLinux

/// Words for an error number of the operating system.
package enum SystemError {
  package static func describe(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    _ = akool_describe_errno(number, &buffer, buffer.count)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The error that the last failed call of this thread left.
  package static var last: String { describe(akool_errno()) }
}

/// Errors of what the operating system gives.
enum SystemErrors {
  static func noThread(_ number: Int32) -> AkoolError {
    AkoolError(
      .localIO, "cannot start a thread: \(SystemError.describe(number))",
      hint: "Raise the limit of threads or processes (ulimit -u, cgroup pids.max).", isRetryable: true)
  }

  static func noEventDescriptor() -> AkoolError {
    AkoolError(
      .localIO, "cannot create an event descriptor: \(SystemError.last)",
      hint: "Raise the limit of open files (ulimit -n).", isRetryable: true)
  }
}
