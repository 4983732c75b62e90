// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AkoolCore

/// Writes the catalogue of the library as JSON: every operation with the JSON Schema of its parameters and its
/// result, every result code, event type and configuration key.
///
/// Bindings, documents and the constants of this header are made from it.
///
/// - Parameters:
///   - json: Receives the catalogue, or NULL on failure. Must not be NULL.
/// - Returns: `AKOOL_OK`, or an error.
/// - Ownership: The caller frees `*json` with `akool_string_free`.
/// - Threads: Any thread, at any time.
/// - Blocks: No.
/// - Callbacks: May be called inside a callback.
/// - Errors:
///   - `AKOOL_ERR_INVALID_ARGUMENT`: `json` is NULL.
///   - `AKOOL_ERR_LOCAL_IO`: no memory.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the process is exiting.
/// - Since: 0.1
/// - Example:
///   ```c
///   char *catalogue;
///   if (akool_describe(&catalogue) == AKOOL_OK)
///     puts(catalogue);
///   akool_string_free(catalogue);
///   ```
@_cdecl("akool_describe")
@discardableResult
public func akool_describe(_ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> akool_result {
  let output = StringOutput(json)
  return code { () throws(AkoolError) in
    try checkProcess()
    try output.require("json")
    try output.put(Client.catalogue)
  }
}
