// swift-format-ignore-file: AlwaysUseLowerCamelCase, TypeNamesShouldBeCapitalized

/// Receives the reply of one request, exactly once. See `akool_submit`.
///
/// Runs on the client's delivery thread, after the callbacks that came before it.
///
/// - Parameters:
///   - client: The client that the request was submitted to.
///   - request_id: The number that `akool_submit` gave the request.
///   - result: What became of the request; the reply tells more.
///   - reply_json: The reply, never NULL. It lives until the callback returns: copy what has to last.
///   - user_data: What was handed to `akool_submit`.
public typealias akool_reply_callback =
  @convention(c) (
    _ client: OpaquePointer?, _ request_id: UInt64, _ result: akool_result,
    _ reply_json: UnsafePointer<CChar>?, _ user_data: UnsafeMutableRawPointer?
  ) -> Void

/// Receives each event of a client. See `akool_client_set_status_callback`.
///
/// Runs on the client's delivery thread, in the order of the events.
///
/// - Parameters:
///   - client: The client that the event comes from.
///   - event_json: The event, never NULL. It lives until the callback returns: copy what has to last.
///   - user_data: What was handed to `akool_client_set_status_callback`.
public typealias akool_status_callback =
  @convention(c) (
    _ client: OpaquePointer?, _ event_json: UnsafePointer<CChar>?, _ user_data: UnsafeMutableRawPointer?
  ) -> Void

/// Receives each log record of a client. See `akool_client_set_log_callback`.
///
/// Runs on the client's delivery thread. Records hold no secrets.
///
/// - Parameters:
///   - client: The client that the record comes from.
///   - level: How much it matters: `AKOOL_LOG_ERROR` to `AKOOL_LOG_DEBUG`.
///   - record_json: The record, never NULL. It lives until the callback returns: copy what has to last.
///   - user_data: What was handed to `akool_client_set_log_callback`.
public typealias akool_log_callback =
  @convention(c) (
    _ client: OpaquePointer?, _ level: Int32, _ record_json: UnsafePointer<CChar>?,
    _ user_data: UnsafeMutableRawPointer?
  ) -> Void
