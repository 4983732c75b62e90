/// What the service does by itself when its time comes. Sessions are named by their index.
enum Appointment {
  case expire(Int)
  case finishClosing(Int, Session.EndReason)
  case fail(Int)
  case refund(Int)
  /// Writes a webhook to this address: of what, for whom, in which status.
  case tell(String, String, Int64, status: Int64)
  /// Handles a request that was held up.
  case handle(SimulatedRequest, Fault, number: Int64)
  /// Handles a duplicate of the request with this number.
  case handleDuplicate(SimulatedRequest, Fault, of: Int64)
}
