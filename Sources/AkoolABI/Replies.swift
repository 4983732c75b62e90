internal import AkoolCore

extension StringOutput {
  /// Hands a reply out; its code is the function's.
  func put(_ reply: Reply) throws(AkoolError) -> ResultCode {
    try put(reply.json)
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
