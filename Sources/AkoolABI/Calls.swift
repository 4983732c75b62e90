// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AkoolCore

/// Starts a request and returns at once. Its one reply comes to `on_reply`; without `on_reply` it comes as an event
/// of type `reply`, or to `akool_wait`, whichever asks first.
///
/// What is wrong with operation, parameters or options shows in the reply, like every other failure of the request.
///
/// - Parameters:
///   - client: The client.
///   - operation: The name of an operation: `AKOOL_OP_…`. Must not be NULL.
///   - params_json: The parameters of the operation, a JSON object. NULL means `{}`.
///   - options_json: The options of this request, a JSON object: `timeout_ms`, `max_attempts`, `raw`, `trace`,
///     `headers`, `tag`, `validate`, and `reply`, which is `"event"` or, to keep the reply out of the events for
///     `akool_wait`, `"wait"`. NULL means `{}`.
///   - on_reply: Called once with the reply, on the delivery thread. May be NULL.
///   - user_data: Handed to `on_reply`, and used for nothing else.
///   - request_id: Receives the number of the request, never 0, before `on_reply` can run; 0 on failure. May be
///     NULL.
/// - Returns: `AKOOL_OK` when a reply will come; on an error none will, and `on_reply` is not called.
/// - Ownership: Nothing is kept of the strings. What `user_data` points to must live until `on_reply` was called or
///   `akool_client_destroy` has returned.
/// - Threads: Any thread.
/// - Blocks: No. The first use of a callback starts the delivery thread.
/// - Callbacks: May be called inside a callback.
/// - Errors:
///   - `AKOOL_ERR_INVALID_ARGUMENT`: `operation` is NULL or not UTF-8.
///   - `AKOOL_ERR_LOCAL_LIMIT`: too many requests are open or have replies that nobody took (`max_requests`).
///   - `AKOOL_ERR_LOCAL_IO`: the delivery thread cannot be started.
///   - `AKOOL_ERR_BAD_HANDLE`: no living client.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the client is being destroyed, or the process is exiting.
///   - `AKOOL_ERR_FORKED`: made before `fork`.
/// - Since: 0.1
/// - Example:
///   ```c
///   static void print_reply(akool_client *client, uint64_t request_id, akool_result result,
///                           const char *reply_json, void *user_data) {
///     (void)client;
///     (void)request_id;
///     fprintf((FILE *)user_data, "%s: %s\n", akool_result_name(result), reply_json);
///   }
///
///   static akool_result ask_for_credit(akool_client *client) {
///     return akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, print_reply, stdout, NULL);
///   }
///   ```
@_cdecl("akool_submit")
@discardableResult
public func akool_submit(
  _ client: OpaquePointer?, _ operation: UnsafePointer<CChar>?, _ params_json: UnsafePointer<CChar>?,
  _ options_json: UnsafePointer<CChar>?, _ on_reply: akool_reply_callback?,
  _ user_data: UnsafeMutableRawPointer?, _ request_id: UnsafeMutablePointer<UInt64>?
) -> akool_result {
  request_id?.pointee = 0
  return code { () throws(AkoolError) in
    let delivery = Callback(on_reply, client, user_data)?.delivery ?? .event
    try find(client).submit(Submission(operation, params_json, options_json), delivery: delivery) {
      request_id?.pointee = $0
    }
  }
}

/// Waits for the reply of a request that was submitted without a callback.
///
/// The reply is handed out once: to one waiting thread or to the events, whichever asks first. Submit with
/// `{"reply": "wait"}` to be sure that it is not taken as an event.
///
/// - Parameters:
///   - client: The client.
///   - request_id: The number of the request, from `akool_submit`.
///   - timeout_ms: How long to wait, in milliseconds. 0 only looks; a negative number waits until the request ends,
///     which it does by its own time-out.
///   - reply_json: Receives the reply, of success and of failure alike; NULL when the function itself failed. May be
///     NULL: the reply is then discarded.
/// - Returns: What became of the request, or an error of the function itself, with which `*reply_json` is NULL.
/// - Ownership: The caller frees `*reply_json` with `akool_string_free`.
/// - Threads: Any thread. Cancelling or destroying from another thread ends the wait.
/// - Blocks: Until the reply is there, at most `timeout_ms`, and at most one second longer than the deadline of the
///   request.
/// - Callbacks: Not inside a callback of the same client: `AKOOL_ERR_WRONG_THREAD`.
/// - Errors: Those of the request, and with `*reply_json` NULL:
///   - `AKOOL_ERR_TIMEOUT`: not yet there; the request goes on, wait again or cancel it. One second after the deadline
///     of the request it means that the request was given up: a session that it may still open is closed.
///   - `AKOOL_ERR_OUTCOME_UNKNOWN`: the same for a request that costs money and may have been sent.
///   - `AKOOL_ERR_NOT_FOUND`: no such request, submitted with a callback, or its reply was handed out.
///   - `AKOOL_ERR_WRONG_THREAD`: see Callbacks.
///   - `AKOOL_ERR_BAD_HANDLE`: no living client.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the client is being destroyed, or the process is exiting.
///   - `AKOOL_ERR_FORKED`: made before `fork`.
///   - `AKOOL_ERR_LOCAL_IO`: no memory.
/// - Since: 0.1
/// - Example:
///   ```c
///   uint64_t request;
///   char *reply = NULL;
///   const char *options = "{\"reply\": \"wait\"}";
///   if (akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, options, NULL, NULL, &request) == AKOOL_OK
///       && akool_wait(client, request, 5000, &reply) == AKOOL_OK)
///     puts(reply);
///   akool_string_free(reply);
///   ```
@_cdecl("akool_wait")
@discardableResult
public func akool_wait(
  _ client: OpaquePointer?, _ request_id: UInt64, _ timeout_ms: Int64,
  _ reply_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> akool_result {
  let output = StringOutput(reply_json)
  return outcome { () throws(AkoolError) in
    let client = try find(client)
    return try output.put(client.wait(request_id, timeoutMilliseconds: timeout_ms), of: client)
  }
}

/// Does a request and waits for its reply: `akool_submit` and `akool_wait` in one.
///
/// - Parameters:
///   - client: The client. May be NULL for operations that need none, which `akool_describe` marks with
///     `"needs_client": false`: then nothing is remembered between calls.
///   - operation: The name of an operation: `AKOOL_OP_…`. Must not be NULL.
///   - params_json: The parameters of the operation, a JSON object. NULL means `{}`.
///   - options_json: The options of this request, a JSON object; see `akool_submit`. NULL means `{}`.
///   - reply_json: Receives the reply, of success and of failure alike. May be NULL: the reply is then discarded.
/// - Returns: What became of the request.
/// - Ownership: The caller frees `*reply_json` with `akool_string_free`. Nothing is kept of the other strings.
/// - Threads: Any thread. Destroying the client from another thread ends the call.
/// - Blocks: Until the reply is there, at most one second longer than the `timeout_ms` of the request, 30000 unless set.
/// - Callbacks: Not inside a callback of the same client: `AKOOL_ERR_WRONG_THREAD`, and nothing is sent.
/// - Errors: Those of the request, with the reply in `*reply_json`. With `*reply_json` NULL:
///   - `AKOOL_ERR_TIMEOUT`, or `AKOOL_ERR_OUTCOME_UNKNOWN` where the request costs money and may have been sent: the
///     deadline passed a second ago without a reply. The request was given up; a session that it may still open is
///     closed.
///   - `AKOOL_ERR_WRONG_THREAD`: see Callbacks.
///   - `AKOOL_ERR_BAD_HANDLE`: no living client.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the client is being destroyed, or the process is exiting.
///   - `AKOOL_ERR_FORKED`: made before `fork`.
///   - `AKOOL_ERR_LOCAL_IO`: no memory; a session that the request opened is closed.
/// - Since: 0.1
/// - Example:
///   ```c
///   char *reply, *credit = NULL;
///   if (akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, &reply) == AKOOL_OK
///       && akool_json_get(reply, "/data/credit", &credit) == AKOOL_OK)
///     printf("credit: %s\n", credit);
///   akool_string_free(credit);
///   akool_string_free(reply);
///   ```
@_cdecl("akool_call")
@discardableResult
public func akool_call(
  _ client: OpaquePointer?, _ operation: UnsafePointer<CChar>?, _ params_json: UnsafePointer<CChar>?,
  _ options_json: UnsafePointer<CChar>?, _ reply_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> akool_result {
  let output = StringOutput(reply_json)
  return outcome { () throws(AkoolError) in
    if client == nil, let reply = try offlineReply(operation, params_json, options_json) {
      return try output.put(reply)
    }
    let client = try find(client)
    try client.checkMayWait()
    return try output.reporting { () throws(AkoolError) in
      var request: UInt64 = 0
      try client.submit(Submission(operation, params_json, options_json), delivery: .wait) { request = $0 }
      return try output.put(client.wait(request, timeoutMilliseconds: -1), of: client)
    }
  }
}

/// Ends a request early, with a reply of `AKOOL_ERR_CANCELLED`, unless it has ended before.
///
/// What the server has done by then stays done: a session that a cancelled `session.create` may have opened is
/// looked for and closed.
///
/// - Parameters:
///   - client: The client.
///   - request_id: The number of the request. One that has ended, or that never was, is fine: nothing is done.
/// - Returns: `AKOOL_OK`, or an error.
/// - Ownership: Nothing changes hands. The request still has its one reply.
/// - Threads: Any thread.
/// - Blocks: No.
/// - Callbacks: May be called inside a callback.
/// - Errors:
///   - `AKOOL_ERR_BAD_HANDLE`: no living client.
///   - `AKOOL_ERR_SHUTTING_DOWN`: the process is exiting.
///   - `AKOOL_ERR_FORKED`: made before `fork`.
/// - Since: 0.1
/// - Example:
///   ```c
///   uint64_t request;
///   if (akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, &request) == AKOOL_OK)
///     akool_cancel(client, request);
///   ```
@_cdecl("akool_cancel")
@discardableResult
public func akool_cancel(_ client: OpaquePointer?, _ request_id: UInt64) -> akool_result {
  code { () throws(AkoolError) in try find(client).cancel(request_id) }
}
