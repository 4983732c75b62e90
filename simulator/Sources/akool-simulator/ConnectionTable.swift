import NIOCore
import Synchronization

/// Numbers the connections, and finds the one that a request came on.
final class ConnectionTable: Sendable {
  private struct State {
    var last: UInt64 = 0
    var connections: [ObjectIdentifier: Connection] = [:]
  }

  private let state = Mutex(State())

  /// Takes in a connection until it is closed.
  func add(_ channel: any Channel) {
    let key = ObjectIdentifier(channel)
    state.withLock { state in
      state.last += 1
      state.connections[key] = Connection(number: state.last, channel: channel)
    }
    channel.closeFuture.whenComplete { _ in self.state.withLock { _ = $0.connections.removeValue(forKey: key) } }
  }

  /// - Parameter channel: a connection, or a stream of an HTTP/2 connection, which is its parent. Nil once that
  ///   is closed.
  func connection(of channel: any Channel) -> Connection? {
    state.withLock { state in
      state.connections[ObjectIdentifier(channel)]
        ?? channel.parent.flatMap { state.connections[ObjectIdentifier($0)] }
    }
  }
}
