import Glibc
import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct WatchdogTests {
  /// A pair of connected sockets, the first of which a loop watches.
  private func pair() -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
    return (ends[0], ends[1])
  }

  private func isClosed(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, milliseconds) > 0
  }

  @Test func connections_areBroken_whenTheLoopStaysInsideLibcurl() {
    let (watchdog, sockets, ends) = (Watchdog(generation: 0), TransportSockets(), pair())
    sockets.didOpen(ends.0)
    sockets.isActive = true
    #expect(watchdog.watch(sockets))
    sockets.beginWork()
    #expect(!isClosed(ends.1, within: 300))
    #expect(isClosed(ends.1, within: 5_000))
    sockets.endWork()
    #expect(sockets.takeBroken() && !sockets.takeBroken())
    watchdog.forget(sockets)
  }

  @Test func connections_stay_whenTheLoopComesBackInTime() {
    let (watchdog, sockets, ends) = (Watchdog(generation: 0), TransportSockets(), pair())
    sockets.didOpen(ends.0)
    sockets.isActive = true
    #expect(watchdog.watch(sockets))
    for _ in 0..<8 {
      sockets.beginWork()
      #expect(!isClosed(ends.1, within: 100))
      sockets.endWork()
    }
    #expect(!sockets.takeBroken())
    watchdog.forget(sockets)
  }

  @Test func connection_isReady_whenItsHandshakeIsOver() {
    let sockets = TransportSockets()
    sockets.didOpen(900)
    sockets.didOpen(901)
    #expect(sockets.readyCount == 0 && sockets.openCount == 2)
    sockets.finishHandshake(900)
    #expect(sockets.readyCount == 1)
    sockets.willClose(901)
    #expect(sockets.readyCount == 1 && sockets.openCount == 1)
    sockets.finishHandshake(901)
    #expect(sockets.readyCount == 1)
  }
}
