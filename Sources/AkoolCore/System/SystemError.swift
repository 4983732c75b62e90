internal import CLinux

/// Words for an error number of the operating system.
enum SystemError {
  static func describe(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    _ = akool_describe_errno(number, &buffer, buffer.count)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What the last failed call of this thread left.
  static var last: String { describe(akool_errno()) }
}
