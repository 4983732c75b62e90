import Glibc
import NIOPosix
import UnixSignals

/// How the simulator ends: at once, on SIGTERM or SIGINT, and if wanted when standard input ends.
enum Ending {
  /// - Parameter cleanUp: removes what must not stay behind; runs once, before the process ends.
  static func arrange(withStandardInput: Bool, cleanUp: @escaping @Sendable () -> Void) async {
    // Trapped before this returns, so that no signal is missed once the simulator has said that it listens.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    Task {
      for await _ in signals { end(cleanUp) }
    }
    guard withStandardInput else { return }
    NIOThreadPool.singleton.submit { _ in
      drainStandardInput()
      end(cleanUp)
    }
  }

  private static func drainStandardInput() {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      while true {
        let count = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
        guard count > 0 || (count < 0 && errno == EINTR) else { return }
      }
    }
  }

  /// Nothing is left to be written, and connections are to break off as when a server dies: no exit handlers.
  private static func end(_ cleanUp: () -> Void) -> Never {
    cleanUp()
    _exit(EXIT_SUCCESS)
  }
}
