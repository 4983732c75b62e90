// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AkoolCore

/// Tells the version of the library that is loaded, such as `0.1.0`.
///
/// `AKOOL_VERSION` is the version that a program was compiled against.
///
/// - Returns: The version; never NULL.
/// - Ownership: The string is static. Do not free it.
/// - Threads: Any thread, at any time.
/// - Blocks: No.
/// - Callbacks: May be called inside a callback.
/// - Errors: None.
/// - Since: 0.1
/// - Example:
///   ```c
///   printf("compiled against %s, running with %s\n", AKOOL_VERSION, akool_version());
///   ```
@_cdecl("akool_version")
public func akool_version() -> UnsafePointer<CChar>? {
  ForkGate.inside { cString(Version.string) }
}

/// Tells the name of a result code, such as `AVATAR_BUSY`: the constant without `AKOOL_ERR_`, and what
/// `error.code` of a reply says.
///
/// - Parameters:
///   - result: Any number.
/// - Returns: The name; `UNKNOWN` for a number that is no result code. Never NULL.
/// - Ownership: The string is static. Do not free it.
/// - Threads: Any thread, at any time.
/// - Blocks: No.
/// - Callbacks: May be called inside a callback.
/// - Errors: None.
/// - Since: 0.1
/// - Example:
///   ```c
///   puts(akool_result_name(AKOOL_ERR_AVATAR_BUSY));
///   ```
@_cdecl("akool_result_name")
public func akool_result_name(_ result: akool_result) -> UnsafePointer<CChar>? {
  ForkGate.inside { cString(ResultCode(rawValue: result).staticName) }
}

/// String literals end with a NUL in memory.
private func cString(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
