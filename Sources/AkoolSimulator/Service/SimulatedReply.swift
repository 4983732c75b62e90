public import AkoolCore

/// The model's answer to a request.
public struct SimulatedReply: Sendable {
  /// The HTTP status.
  public var status: Int
  /// The header lines, `date` (simulated time) and `content-type` among them; names in lower case, without
  /// `content-length`.
  public var headers: [HTTPHeader]
  /// The whole body, also where only a part of it is to be delivered.
  public var body: [UInt8]
  /// How the front has to deliver it.
  public var delivery: SimulatedDelivery

  /// A reply of these parts.
  public init(
    status: Int, headers: [HTTPHeader] = [], body: [UInt8] = [], delivery: SimulatedDelivery = SimulatedDelivery()
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.delivery = delivery
  }
}
