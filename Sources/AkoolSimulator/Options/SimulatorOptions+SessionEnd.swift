extension SimulatorOptions {
  /// Assumptions about closing sessions and what comes after.
  static let sessionEndEntries: [SimulatorOption] = [
    .assumption(
      "close_accepts_session_id", \.closeAcceptsSessionID, .flag, pessimistic: false,
      "Whether session/close takes session_id in place of id, as the page's samples and AKOOL's LiveKit plugin send it.",
      "§2.8, §11.4"),
    .assumption(
      "close_reply", \.closeReply, .choice, pessimistic: .bare,
      "What session/close answers: the page's sample has data, the older ones have none.", "§2.8, §10"),
    .assumption(
      "close_takes_s", \.closeSeconds, .seconds, pessimistic: 3,
      "How long a session goes on after session/close has answered.", "§2.8, §11.5"),
    .assumption(
      "close_while_queueing", \.closesWhileQueueing, .flag, pessimistic: false,
      "Whether closing a session before join_s ends it; otherwise it is a success without effect.", "§2.8, §11.5"),
    .assumption(
      "close_ended_code", \.closeEndedCode, .businessCode, pessimistic: 1216,
      "The code of closing a session that is over; 1000 makes it a success.", "§2.8, §9, §11.4"),
    .assumption(
      "refund_delay_s", \.refundDelaySeconds, .seconds, pessimistic: 20,
      "How long after the end of a session its refund is booked.", "§2.8, §11.6"),
  ]
}
