// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AkoolCore

/// Reads one value out of JSON text, such as a reply or an event, so that a C program needs no JSON library.
///
/// The whole text is read each time. For large texts or many values, use a JSON library.
///
/// - Parameters:
///   - json: JSON text in UTF-8. Must not be NULL.
///   - pointer: Which value, as a JSON Pointer (RFC 6901): `/data/_id`, `/data/result/0/name`; the empty string
///     is the whole text. Inside a name `~1` stands for `/` and `~0` for `~`. Must not be NULL.
///   - value: Receives the text of a string without quotes and escapes, or any other value as JSON: `600`,
///     `true`, `null`, `{"a":1}`. NULL on failure. When `value` itself is NULL, the function only tells
///     whether the value is there.
/// - Returns: `AKOOL_OK`, or an error.
/// - Ownership: The caller frees `*value` with `akool_string_free`. Nothing is kept of the other arguments.
/// - Threads: Any thread, at any time.
/// - Blocks: No.
/// - Callbacks: May be called inside a callback.
/// - Errors:
///   - `AKOOL_ERR_NOT_FOUND`: there is no such value.
///   - `AKOOL_ERR_INVALID_ARGUMENT`: `json` or `pointer` is NULL, `json` is not JSON, `pointer` is not a JSON
///     Pointer, one of them is not UTF-8, or the value is a string with a U+0000 in it, which no C string can hold.
///   - `AKOOL_ERR_LOCAL_IO`: no memory.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the process is exiting.
/// - Since: 0.1
/// - Example:
///   ```c
///   char *token;
///   if (akool_json_get("{\"data\":{\"token\":\"abc\"}}", "/data/token", &token) == AKOOL_OK)
///     puts(token);
///   akool_string_free(token);
///   ```
@_cdecl("akool_json_get")
@discardableResult
public func akool_json_get(
  _ json: UnsafePointer<CChar>?, _ pointer: UnsafePointer<CChar>?,
  _ value: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> akool_result {
  let output = StringOutput(value)
  return code { () throws(AkoolError) in
    try checkProcess()
    try output.put(unquoting: look(into: json, at: StringInput.text(pointer, "pointer")))
  }
}

/// Writes a C string as a JSON string, with quotes and escapes, for building parameters without a JSON library.
///
/// - Parameters:
///   - text: Any text in UTF-8. Must not be NULL.
///   - json: Receives the JSON string, or NULL on failure. Must not be NULL.
/// - Returns: `AKOOL_OK`, or an error.
/// - Ownership: The caller frees `*json` with `akool_string_free`. Nothing is kept of `text`.
/// - Threads: Any thread, at any time.
/// - Blocks: No.
/// - Callbacks: May be called inside a callback.
/// - Errors:
///   - `AKOOL_ERR_INVALID_ARGUMENT`: an argument is NULL, or `text` is not UTF-8.
///   - `AKOOL_ERR_LOCAL_IO`: no memory.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the process is exiting.
/// - Since: 0.1
/// - Example:
///   ```c
///   char *name;
///   if (akool_json_quote("Anna \"Anchor\" Smith", &name) == AKOOL_OK)
///     printf("{\"name\": %s}\n", name);
///   akool_string_free(name);
///   ```
@_cdecl("akool_json_quote")
@discardableResult
public func akool_json_quote(
  _ text: UnsafePointer<CChar>?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> akool_result {
  let output = StringOutput(json)
  return code { () throws(AkoolError) in
    try checkProcess()
    try output.require("json")
    try output.put(.string(StringInput.text(text, "text")))
  }
}

private func look(into json: UnsafePointer<CChar>?, at pointer: String) throws(AkoolError) -> JSON {
  guard json != nil else { throw AkoolError(.invalidArgument, "json is NULL") }
  guard isPointer(pointer) else { throw AkoolError(.invalidArgument, "pointer is not a JSON Pointer") }
  guard let value = try StringInput.ownJSON(json).value(at: pointer) else {
    throw AkoolError(.notFound, "no such value")
  }
  return value
}

/// Whether each name begins with `/` and each `~` is one of the two escapes.
private func isPointer(_ text: String) -> Bool {
  let bytes = text.utf8
  let escapes = bytes.split(separator: UInt8(ascii: "~"), omittingEmptySubsequences: false).dropFirst()
  return (bytes.isEmpty || bytes.first == UInt8(ascii: "/"))
    && escapes.allSatisfy { $0.first == UInt8(ascii: "0") || $0.first == UInt8(ascii: "1") }
}

extension StringOutput {
  fileprivate func put(unquoting value: JSON) throws(AkoolError) {
    guard let text = value.string else { return try put(value) }
    let bytes = Array(text.utf8)
    if bytes.contains(0) { throw AkoolError(.invalidArgument, "the string contains U+0000") }
    try put(bytes: bytes)
  }
}
