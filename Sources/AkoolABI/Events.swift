// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AkoolCore

/// Has every event of a client pushed to a function: replies without a callback of their own, states, warnings.
///
/// While a callback is set, `akool_client_next_event` and the descriptor of `akool_client_event_fd` are off. Events
/// that wait are delivered.
///
/// - Parameters:
///   - client: The client.
///   - callback: The function, or NULL for none.
///   - user_data: Handed to the callback, and used for nothing else.
/// - Returns: `AKOOL_OK`, or an error.
/// - Ownership: What `user_data` points to must live until another callback was set, or none, or the client was
///   destroyed. When this function returns, the previous callback does not run and never will; only inside a callback
///   it returns without waiting for that.
/// - Threads: Any thread. The callback runs on the client's delivery thread, which the first callback starts.
/// - Blocks: Until the previous callback returns, if it runs at the moment.
/// - Callbacks: May be called inside a callback: takes effect without waiting.
/// - Errors:
///   - `AKOOL_ERR_LOCAL_IO`: the delivery thread cannot be started.
///   - `AKOOL_ERR_BAD_HANDLE`: no living client.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the process is exiting.
///   - `AKOOL_ERR_FORKED`: made before `fork`.
/// - Since: 0.1
/// - Example:
///   ```c
///   static void print_event(akool_client *client, const char *event_json, void *user_data) {
///     (void)client;
///     fprintf((FILE *)user_data, "%s\n", event_json);
///   }
///
///   static akool_result watch(akool_client *client) {
///     return akool_client_set_status_callback(client, print_event, stdout);
///   }
///   ```
@_cdecl("akool_client_set_status_callback")
@discardableResult
public func akool_client_set_status_callback(
  _ client: OpaquePointer?, _ callback: akool_status_callback?, _ user_data: UnsafeMutableRawPointer?
) -> akool_result {
  code { () throws(AkoolError) in
    try find(client).setStatusCallback(Callback(callback, client, user_data)?.handler)
  }
}

/// Has log records of a client pushed to a function. They are for people; programs rely on replies and events.
///
/// - Parameters:
///   - client: The client.
///   - level: The least important level to be told: `AKOOL_LOG_ERROR`, `AKOOL_LOG_WARNING`, `AKOOL_LOG_INFO` or
///     `AKOOL_LOG_DEBUG`; `AKOOL_LOG_OFF` for none.
///   - callback: The function, or NULL for none.
///   - user_data: Handed to the callback, and used for nothing else.
/// - Returns: `AKOOL_OK`, or an error.
/// - Ownership: What `user_data` points to must live until another callback was set, or none, or the client was
///   destroyed. When this function returns, the previous callback does not run and never will; only inside a callback
///   it returns without waiting for that.
/// - Threads: Any thread. The callback runs on the client's delivery thread, which the first callback starts.
/// - Blocks: Until the previous callback returns, if it runs at the moment.
/// - Callbacks: May be called inside a callback: takes effect without waiting.
/// - Errors:
///   - `AKOOL_ERR_INVALID_ARGUMENT`: no such level.
///   - `AKOOL_ERR_LOCAL_IO`: the delivery thread cannot be started.
///   - `AKOOL_ERR_BAD_HANDLE`: no living client.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the process is exiting.
///   - `AKOOL_ERR_FORKED`: made before `fork`.
/// - Since: 0.1
/// - Example:
///   ```c
///   static void print_record(akool_client *client, int32_t level, const char *record_json, void *user_data) {
///     (void)client;
///     (void)user_data;
///     if (level <= AKOOL_LOG_WARNING)
///       fprintf(stderr, "%s\n", record_json);
///   }
///
///   static akool_result log_to_stderr(akool_client *client) {
///     return akool_client_set_log_callback(client, AKOOL_LOG_INFO, print_record, NULL);
///   }
///   ```
@_cdecl("akool_client_set_log_callback")
@discardableResult
public func akool_client_set_log_callback(
  _ client: OpaquePointer?, _ level: Int32, _ callback: akool_log_callback?,
  _ user_data: UnsafeMutableRawPointer?
) -> akool_result {
  code { () throws(AkoolError) in
    let found = try find(client)
    guard let level = LogLevel(rawValue: level) else { throw AkoolError(.invalidArgument, "no such log level") }
    try found.setLogCallback(level: level, Callback(callback, client, user_data)?.handler)
  }
}

/// Takes the next event of a client: pull instead of push.
///
/// - Parameters:
///   - client: The client.
///   - timeout_ms: How long to wait for an event, in milliseconds. 0 only looks; a negative number waits without limit.
///   - event_json: Receives the event, or NULL when none came in time or the function failed. When `event_json` itself
///     is NULL, the event is discarded.
/// - Returns: `AKOOL_OK`, also when no event came, or an error.
/// - Ownership: The caller frees `*event_json` with `akool_string_free`.
/// - Threads: Any thread; each event goes to one of them.
/// - Blocks: Until an event is there, at most `timeout_ms`.
/// - Callbacks: Inside a callback of the same client with a `timeout_ms` of 0 only: else `AKOOL_ERR_WRONG_THREAD`.
/// - Errors:
///   - `AKOOL_ERR_INVALID_ARGUMENT`: a status callback is set and takes the events.
///   - `AKOOL_ERR_WRONG_THREAD`: see Callbacks.
///   - `AKOOL_ERR_BAD_HANDLE`: no living client.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the client is being destroyed, or the process is exiting.
///   - `AKOOL_ERR_FORKED`: made before `fork`.
///   - `AKOOL_ERR_LOCAL_IO`: no memory.
/// - Since: 0.1
/// - Example:
///   ```c
///   char *event;
///   while (akool_client_next_event(client, 0, &event) == AKOOL_OK && event != NULL) {
///     puts(event);
///     akool_string_free(event);
///   }
///   ```
@_cdecl("akool_client_next_event")
@discardableResult
public func akool_client_next_event(
  _ client: OpaquePointer?, _ timeout_ms: Int64, _ event_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> akool_result {
  let output = StringOutput(event_json)
  return code { () throws(AkoolError) in
    if let event = try find(client).nextEvent(timeoutMilliseconds: timeout_ms) { try output.put(event) }
  }
}

/// Tells a descriptor that is readable while events wait, for `poll`, epoll and the event loops made of them.
///
/// When it is readable, call `akool_client_next_event` with a `timeout_ms` of 0 until there is no event left.
///
/// - Parameters:
///   - client: The client.
/// - Returns: The descriptor, or -1 on failure.
/// - Ownership: The descriptor is the library's and lives until `akool_client_destroy`. Never read, write or close it,
///   and take it out of your event loop before destroying the client: its number may be used again at once.
/// - Threads: Any thread.
/// - Blocks: No.
/// - Callbacks: May be called inside a callback.
/// - Errors: -1: no living client, made before `fork`, or the process is exiting.
/// - Since: 0.1
/// - Example:
///   ```c
///   char *event;
///   fd_set readable;
///   int fd = akool_client_event_fd(client);
///   FD_ZERO(&readable);
///   FD_SET(fd, &readable);
///   if (select(fd + 1, &readable, NULL, NULL, NULL) == 1
///       && akool_client_next_event(client, 0, &event) == AKOOL_OK)
///     akool_string_free(event);
///   ```
@_cdecl("akool_client_event_fd")
public func akool_client_event_fd(_ client: OpaquePointer?) -> CInt {
  ForkGate.inside { (try? find(client).eventDescriptor) ?? -1 }
}
