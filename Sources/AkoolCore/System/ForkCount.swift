internal import Glibc

/// Number of forks between this process and the one that loaded the library.
enum ForkCount {
  /// Stand-in until the real counter is merged: the process number changes in a forked child too.
  static var current: UInt { UInt(getpid()) }
}
