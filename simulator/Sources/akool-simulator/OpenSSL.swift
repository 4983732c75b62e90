import Glibc

/// Runs the `openssl` command.
enum OpenSSL {
  static func run(_ arguments: [String]) throws {
    let words = ["openssl"] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    let (error, status) = spawn(pointers)
    guard error != ENOENT else { throw Complaint("--tls needs the openssl command (3.0 or later); please install it") }
    guard error == 0, status == 0 else { throw Complaint("the openssl command, which --tls needs, has failed") }
  }

  private static func spawn(_ words: [UnsafeMutablePointer<CChar>?]) -> (error: Int32, status: Int32) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var process: pid_t = 0
    let error = posix_spawnp(&process, "openssl", &actions, nil, words, environ)
    var status: Int32 = 0
    guard error == 0 else { return (error, status) }
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return (0, status)
  }
}
