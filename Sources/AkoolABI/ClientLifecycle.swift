// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AkoolCore
internal import AkoolSimulator

/// Makes a client: one account, one set of connections, one thread for I/O.
///
/// Nothing is sent unless the configuration asks for it with `"warm": true`. The environment is read here and
/// never again. One client serves any number of threads and requests; more than one is needed for more than one
/// account only.
///
/// - Parameters:
///   - config_json: The configuration, a JSON object; `akool_describe` lists its keys. NULL means `{}`. Without
///     a key or token in it, those of the environment are used (`AKOOL_API_KEY` …). `{"base_url":
///     "simulator:"}` works without any and costs nothing.
///   - client: Receives the client, or NULL on failure. Must not be NULL.
///   - error_json: Receives NULL, or on failure what is wrong and what to do about it, as `{"error": {"code",
///     "message", "hint", …}}`. May be NULL.
/// - Returns: `AKOOL_OK`, or an error.
/// - Ownership: The caller ends the client with `akool_client_destroy` and frees `*error_json` with
///   `akool_string_free`. Nothing is kept of `config_json`.
/// - Threads: Any thread. After `fork`, the child can make clients of its own.
/// - Blocks: For about a millisecond, to start a thread; never on the network.
/// - Callbacks: May be called inside a callback.
/// - Errors:
///   - `AKOOL_ERR_INVALID_ARGUMENT`: `client` is NULL, or the configuration is wrong.
///   - `AKOOL_ERR_UNAUTHENTICATED`: no credentials anywhere.
///   - `AKOOL_ERR_LOCAL_IO`: no thread, descriptor or memory to be had, a file that cannot be read, or a libcurl that
///     is too old.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the process is exiting.
/// - Since: 0.1
/// - Example:
///   ```c
///   akool_client *simulated;
///   char *error;
///   if (akool_client_create("{\"base_url\": \"simulator:\"}", &simulated, &error) != AKOOL_OK)
///     fputs(error ? error : "cannot make a client", stderr);
///   akool_string_free(error);
///   akool_client_destroy(simulated);
///   ```
@_cdecl("akool_client_create")
public func akool_client_create(
  _ config_json: UnsafePointer<CChar>?, _ client: UnsafeMutablePointer<OpaquePointer?>?,
  _ error_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> akool_result {
  let error = StringOutput(error_json)
  client?.pointee = nil
  return code { () throws(AkoolError) in
    try checkProcess()
    try error.reporting { () throws(AkoolError) in
      guard let client else { throw AkoolError(.invalidArgument, "client is NULL") }
      let configuration = try StringInput.json(config_json, "config_json")
      client.pointee = try clients.insert(makeClient(configuration)).pointer
    }
  }
}

/// Ends a client. The sessions that it opened are closed, its requests end with `AKOOL_ERR_SHUTTING_DOWN`, and
/// callbacks are told. When it returns, no callback of the client runs or will ever run, and its threads
/// and descriptors are gone.
///
/// Take the descriptor of `akool_client_event_fd` out of your event loop first. To close without blocking, submit
/// the operation `client.close` and destroy the client when its reply is there.
///
/// - Parameters:
///   - client: The client. NULL is fine: nothing is done.
/// - Returns: `AKOOL_OK`, or an error.
/// - Ownership: The handle is void afterwards. Strings and replies that were handed out stay the caller's.
/// - Threads: Any thread. Calls of other threads with the client return `AKOOL_ERR_SHUTTING_DOWN`, later ones
///   `AKOOL_ERR_BAD_HANDLE`. Of threads that destroy one client at the same time, one gets `AKOOL_OK`, the others
///   `AKOOL_ERR_BAD_HANDLE`.
/// - Blocks: Until sessions are closed and callbacks have returned; for the sessions at most `close_timeout_ms` of
///   the configuration, 3000 unless set.
/// - Callbacks: Not inside a callback of the same client: `AKOOL_ERR_WRONG_THREAD`, and the client lives on.
///   Inside a callback of another client it waits for this one's callbacks: two clients that do so with each other
///   wait forever.
/// - Errors:
///   - `AKOOL_ERR_BAD_HANDLE`: no living client.
///   - `AKOOL_ERR_WRONG_THREAD`: see Callbacks.
///   - `AKOOL_ERR_FORKED`: made before `fork`; the client is the parent's.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the process is exiting, and the library has ended its threads by itself.
/// - Since: 0.1
/// - Example:
///   ```c
///   if (akool_client_destroy(client) == AKOOL_OK)
///     client = NULL;
///   ```
@_cdecl("akool_client_destroy")
@discardableResult
public func akool_client_destroy(_ client: OpaquePointer?) -> akool_result {
  code { () throws(AkoolError) in
    try checkProcess()
    if client != nil { try destroy(Handle(client)) }
  }
}

private func makeClient(_ configuration: JSON) throws(AkoolError) -> Client {
  try Client(configuration: configuration) { (configuration, loop) throws(AkoolError) in
    try SimulatorTransport.make(configuration: configuration, loop: loop)
  }
}

/// The handle stays good until the client has ended, so that callbacks which run meanwhile learn that it is
/// shutting down.
private func destroy(_ handle: Handle) throws(AkoolError) {
  let client = try claim(handle)
  do throws(AkoolError) {
    try client.destroy()
  } catch {
    clients.unclaim(handle)
    throw error
  }
  clients.remove(handle)
}

/// From several threads one gets the client. A callback must not: another thread's claim would fail for nothing.
private func claim(_ handle: Handle) throws(AkoolError) -> Client {
  let client = try find(handle.pointer)
  try client.checkMayWait()
  do throws(HandleFault) {
    try clients.claim(handle)
  } catch {
    throw error.error
  }
  return client
}
