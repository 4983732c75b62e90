import AkoolSimulator
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Answers every request that arrives, on whatever connection.
struct Answerer: Sendable {
  private static let largestBody = 16 << 20

  let world: SimulatedWorld
  let log: RequestLog?
  /// `http` or `https`.
  let scheme: String

  /// - Parameter channel: the channel of the request: the connection, or a stream of it.
  func answer(
    _ request: Request, _ writer: consuming ResponseWriter, on connection: Connection, _ channel: any Channel
  ) async throws {
    if request.head.expectsContinue { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
    guard let body = try await Self.body(of: request) else {
      return try await writer.writeResponse(.bodyTooLarge)
    }
    let simulated = SimulatedRequest(
      request.head, body: body, scheme: scheme, connection: connection.number)
    let reply = world.handle(simulated)
    log?.add(request.head, reply)
    let delivery = Delivery(reply: reply, request: request.head, channel: channel, connection: connection)
    try await delivery.run(writer)
  }

  /// The whole body, or nil if it is too large; what is left of it then is read and thrown away by the server.
  private static func body(of request: Request) async throws -> ByteBuffer? {
    do {
      return try await request.body.collect(upTo: largestBody)
    } catch is NIOTooManyBytesError {
      return nil
    }
  }
}
