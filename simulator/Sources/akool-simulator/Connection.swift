import Glibc
import NIOCore
import NIOSSL

/// One TCP connection of a client, whatever is spoken on it.
struct Connection: Sendable {
  /// Its number, from 1 in the order of arrival.
  let number: UInt64
  let channel: any Channel

  /// Ends the connection with RST and throws away what has not been sent.
  func reset() async {
    await onLoop { channel in
      // A lingering time of 0 is what turns close() into a reset.
      _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      Self.close(channel)
    }
  }

  /// Ends the connection with FIN after what has been sent, without TLS's or HTTP/2's word of parting.
  func hangUp() async {
    await onLoop { Self.close($0) }
  }

  private func onLoop(_ action: @escaping @Sendable (any Channel) -> Void) async {
    let channel = channel
    // The channel may be closed already: then there is nothing left to do.
    try? await channel.eventLoop.submit { action(channel) }.get()
  }

  /// Closes the socket below TLS, which would say good-bye first and wait for the answer.
  private static func close(_ channel: any Channel) {
    if let tls = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
      tls.close(mode: .all, promise: nil)
    } else {
      channel.close(mode: .all, promise: nil)
    }
  }
}
