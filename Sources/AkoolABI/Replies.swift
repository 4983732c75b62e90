internal import AkoolCore

extension StringOutput {
  /// Hands a reply out; its code is the function's. Where there is no memory for it, a session that it opened is
  /// closed.
  func put(_ reply: Reply, of client: Client? = nil) throws(AkoolError) -> ResultCode {
    do throws(AkoolError) {
      try put(reply.json)
    } catch {
      client?.discard(reply)
      throw error
    }
    return reply.result
  }

  /// Runs `body`; what it throws is handed out as an error reply, unless it says that there was nobody to ask.
  func reporting<Value>(_ body: () throws(AkoolError) -> Value) throws(AkoolError) -> Value {
    do throws(AkoolError) {
      return try body()
    } catch {
      let silent: [ResultCode] = [.badHandle, .forked, .shuttingDown, .wrongThread]
      if !silent.contains(error.code) { try? put(["error": error.json, "meta": [:]]) }
      throw error
    }
  }
}
