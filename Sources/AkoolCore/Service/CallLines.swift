/// Calls that send just one request, in one line for each path.
///
/// A call that runs costs memory, and time when its client ends. Of a path that does not answer only so many run; the
/// others wait as a few words, in the order in which they came. Lives on the event loop.
final class CallLines {
  private var lines: [String: CallLine] = [:]
  private var latest: CallLine?
  /// Number of lines at which empty ones are removed.
  private var mostLines = 256

  func line(_ path: String) -> CallLine {
    if let latest, latest.path == path { return latest }
    let line = lines[path] ?? add(path)
    latest = line
    return line
  }

  private func add(_ path: String) -> CallLine {
    if lines.count >= mostLines {
      lines = lines.filter { !$0.value.isEmpty }
      mostLines = max(256, 2 * lines.count)
    }
    let line = CallLine(path)
    lines[path] = line
    return line
  }
}

/// Calls of one path.
final class CallLine {
  /// Most calls of a path that run at a time.
  private static let mostRunning = 4_096

  let path: String
  let waiting = WaiterList<Void>()
  private var running = 0

  init(_ path: String) { self.path = path }

  /// All waiting calls run when those before them have ended.
  var isEmpty: Bool { running == 0 }

  /// False where the call has to wait.
  func enter() -> Bool {
    guard running < Self.mostRunning else { return false }
    running += 1
    return true
  }

  /// A call has ended: the next one runs in its place.
  func leave() {
    if !waiting.resumeFirst(()) { running -= 1 }
  }
}
