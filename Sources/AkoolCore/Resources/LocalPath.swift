internal import CLinux
internal import Glibc

/// Questions to the file system. They may wait for the disk.
enum LocalPath {
  /// Where a file is whatever the working directory will be; as it was said if that cannot be known.
  static func absolute(_ directory: String, _ name: String) -> String {
    guard let resolved = realpath(directory, nil) else { return directory + "/" + name }
    defer { free(resolved) }
    let folder = String(cString: resolved)
    return folder == "/" ? folder + name : folder + "/" + name
  }

  /// In bytes.
  static func size(_ path: String) -> Int64? {
    var facts = stat()
    return stat(path, &facts) == 0 ? Int64(facts.st_size) : nil
  }
}
