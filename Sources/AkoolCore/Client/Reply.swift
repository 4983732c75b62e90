/// The one outcome of a request.
public struct Reply: Sendable {
  /// The result code; `error.code` of the JSON is its name.
  public let result: ResultCode
  /// `{"data": …, "meta": …}`, or `{"error": …, "meta": …}`.
  public let json: JSON

  static func success(_ data: JSON, meta: JSON, raw: JSON?) -> Reply {
    Reply(result: .ok, json: body("data", data, meta, raw))
  }

  static func failure(_ error: AkoolError, meta: JSON, raw: JSON?) -> Reply {
    Reply(result: error.code, json: body("error", error.json, meta, raw))
  }

  private static func body(_ key: String, _ value: JSON, _ meta: JSON, _ raw: JSON?) -> JSON {
    var members: [JSONObject.Member] = [(key, value), ("meta", meta)]
    if let raw { members.append(("raw", raw)) }
    return .object(JSONObject(unique: members))
  }
}

/// Where the reply of a request goes. It goes there exactly once.
public enum ReplyDelivery: Sendable {
  /// To the event stream, or to the first that waits for the request.
  case event
  /// To the first that waits for the request, never to the event stream.
  case wait
  /// To this function, on the delivery thread.
  case callback(@Sendable (_ request: UInt64, _ reply: Reply) -> Void)
}
