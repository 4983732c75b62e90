import Glibc

/// What the process needs from the system before it serves.
enum ProcessLimits {
  static func prepare() {
    // A client that goes away while it is written to is an error of that write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    raiseDescriptorLimit()
  }

  /// Each connection takes a descriptor, and the usual limit is 1024.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
