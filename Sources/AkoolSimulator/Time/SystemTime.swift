internal import Glibc

/// The machine's clocks.
enum SystemTime {
  static func realMilliseconds() -> Int64 { read(CLOCK_REALTIME) }

  static func monotonicMilliseconds() -> Int64 { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
