internal import AkoolCore

/// A C function of the host with the client and the pointer that it wants to be called with.
struct Callback<Function>: @unchecked Sendable {
  // All three are constant. The pointer is never followed here: the host hands it to the delivery thread by
  // passing it in, and the header says so.
  private let function: Function
  private let client: Handle
  private let userData: UnsafeMutableRawPointer?

  /// Nil for no function.
  init?(_ function: Function?, _ client: OpaquePointer?, _ userData: UnsafeMutableRawPointer?) {
    guard let function else { return nil }
    self.function = function
    self.client = Handle(client)
    self.userData = userData
  }
}

extension Callback where Function == akool_reply_callback {
  var delivery: ReplyDelivery {
    .callback { request, reply in
      reply.json.withCString { function(client.pointer, request, reply.result.rawValue, $0, userData) }
    }
  }
}

extension Callback where Function == akool_status_callback {
  var handler: @Sendable (JSON) -> Void {
    { event in event.withCString { function(client.pointer, $0, userData) } }
  }
}

extension Callback where Function == akool_log_callback {
  var handler: @Sendable (JSON) -> Void {
    { record in
      let level = LogLevel.allCases.first { $0.name == record["level"]?.string } ?? .info
      record.withCString { function(client.pointer, level.rawValue, $0, userData) }
    }
  }
}
