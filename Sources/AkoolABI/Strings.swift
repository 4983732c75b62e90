// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import Glibc

/// Frees a string that a function of this library has written through one of its `char **`.
///
/// - Parameters:
///   - string: The string, or NULL, for which nothing is done. Do not pass strings of any other origin: those
///     of `akool_version` and `akool_result_name` are static, those in callbacks belong to the library.
/// - Ownership: The string is gone afterwards.
/// - Threads: Any thread, at any time, also after the client is gone, after `fork` and while the process exits.
/// - Blocks: No.
/// - Callbacks: May be called inside a callback.
/// - Errors: None.
/// - Since: 0.1
/// - Example:
///   ```c
///   char *json;
///   if (akool_json_quote("Hello", &json) == AKOOL_OK)
///     puts(json);
///   akool_string_free(json);
///   ```
@_cdecl("akool_string_free")
public func akool_string_free(_ string: UnsafeMutablePointer<CChar>?) {
  free(string)
}
