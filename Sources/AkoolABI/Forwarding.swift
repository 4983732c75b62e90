internal import AkoolCore

/// What every function does before it looks at its arguments, in this order: is the process exiting, whose
/// handle is this, and was it made on this side of a fork.
func find(_ client: OpaquePointer?) throws(AkoolError) -> Client {
  try checkProcess()
  do throws(HandleFault) {
    return try clients.element(of: Handle(client))
  } catch {
    throw error.error
  }
}

/// Once the process is exiting, libcurl and OpenSSL may be half gone: nothing is done any more.
func checkProcess() throws(AkoolError) {
  if ProcessExit.hasBegun { throw AkoolError(.shuttingDown, "the process is exiting") }
}

/// Runs the body of an exported function, and returns the code of what it throws, or success.
func code(of body: () throws(AkoolError) -> Void) -> akool_result {
  outcome { () throws(AkoolError) -> ResultCode in
    try body()
    return .ok
  }
}

/// Runs the body of an exported function that returns the code of a reply.
func outcome(of body: () throws(AkoolError) -> ResultCode) -> akool_result {
  ForkGate.inside {
    do throws(AkoolError) {
      return try body().rawValue
    } catch {
      return error.code.rawValue
    }
  }
}
