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
      let isDelivered = reply.json.withCString { text in
        ForkGate.outside { function(client.pointer, request, reply.result.rawValue, text, userData) }
      }
      if !isDelivered { deliverWithoutMemory(request, reply) }
    }
  }

  /// Delivers a constant error, so that every request has a reply, and closes a session that the lost reply opened.
  private func deliverWithoutMemory(_ request: UInt64, _ reply: Reply) {
    (try? find(client.pointer))?.discard(reply)
    let text: StaticString =
      #"{"error":{"code":"LOCAL_IO","message":"no memory for the reply","retryable":true},"meta":{}}"#
    text.withUTF8Buffer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in
        ForkGate.outside {
          function(client.pointer, request, ResultCode.localIO.rawValue, text.baseAddress, userData)
        }
      }
    }
  }
}

extension Callback where Function == akool_status_callback {
  var handler: @Sendable (JSON) -> Void {
    { event in
      _ = event.withCString { text in ForkGate.outside { function(client.pointer, text, userData) } }
    }
  }
}

extension Callback where Function == akool_log_callback {
  var handler: @Sendable (JSON) -> Void {
    { record in
      let level = LogLevel.allCases.first { $0.name == record["level"]?.string } ?? .info
      _ = record.withCString { text in
        ForkGate.outside { function(client.pointer, level.rawValue, text, userData) }
      }
    }
  }
}
