internal import CLinux
internal import Glibc

/// A file in memory, for libraries that read files only.
final class MemoryFile {
  private let descriptor: Int32
  let path: String

  /// Nil where the system has no descriptor or no /proc.
  init?(_ text: String) {
    var text = text
    let descriptor = text.withUTF8 { akool_memory_file($0.baseAddress, $0.count) }
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    path = "/proc/self/fd/\(descriptor)"
    // From here on the deinitialiser closes it.
    guard access(path, R_OK) == 0 else { return nil }
  }

  deinit { close(descriptor) }
}
