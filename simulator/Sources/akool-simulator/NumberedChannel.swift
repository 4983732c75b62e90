import HummingbirdCore
import Logging
import NIOCore

/// Hummingbird's handling of a connection, entered in the table of connections first.
struct NumberedChannel<Base: ServerChildChannel>: ServerChildChannel {
  let base: Base
  let connections: ConnectionTable

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
    connections.add(channel)
    // A client that has closed its side waits for nothing: withheld replies end then.
    try? channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
    return base.setup(channel: channel, logger: logger)
  }

  func handle(value: Base.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
