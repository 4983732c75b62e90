import Glibc

/// Standard output or error, unbuffered. A reader that has gone away is no reason to stop.
enum StandardStream: Int32 {
  case output = 1
  case error = 2

  /// Writes the text in one call where the system takes it whole, so that lines of different threads do not mix.
  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { return }
      rest = rest.dropFirst(max(0, count))
    }
  }
}
