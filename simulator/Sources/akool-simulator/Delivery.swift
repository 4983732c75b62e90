import AkoolSimulator
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Brings one reply to the client, with the faults that the model wants on the wire.
struct Delivery: Sendable {
  let reply: SimulatedReply
  let request: HTTPRequest
  let channel: any Channel
  let connection: Connection

  func run(_ writer: consuming ResponseWriter) async throws {
    try await pause(reply.delivery.delayMilliseconds)
    switch reply.delivery.form {
    case .complete: try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
    case .reset: await connection.reset()
    case .truncated(let count): try await truncate(writer, after: count)
    case .dripped(let pause): try await drip(writer, millisecondsPerByte: pause)
    case .withheld: try await channel.closeFuture.get()
    }
  }

  private var head: HTTPResponse { HTTPResponse(reply) }

  private var body: ByteBuffer {
    ByteBuffer(bytes: reply.allowsBody && request.method != .head ? reply.body : [])
  }

  private func truncate(_ writer: consuming ResponseWriter, after count: Int) async throws {
    var writer = try await writer.writeHead(head)
    try await writer.write(ByteBuffer(body.readableBytesView.prefix(count)))
    await connection.hangUp()
  }

  private func drip(_ writer: consuming ResponseWriter, millisecondsPerByte: Int64) async throws {
    var writer = try await writer.writeHead(head)
    for byte in body.readableBytesView {
      try await pause(millisecondsPerByte)
      try await writer.write(ByteBuffer(bytes: [byte]))
    }
    try await writer.finish(nil)
  }

  private func pause(_ milliseconds: Int64) async throws {
    if milliseconds > 0 { try await Task.sleep(for: .milliseconds(milliseconds)) }
  }
}
