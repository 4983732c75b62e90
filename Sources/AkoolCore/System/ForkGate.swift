internal import CLinux

/// Keeps `fork` and the library's code apart: a process forks only while no thread is inside.
///
/// A child has one thread. A lock, or a global that is being initialised, that another thread held at the fork stays
/// held in the child forever. So every thread of the library, and every function that the host calls, is inside
/// while it runs code of the library, and outside while it waits or runs code of the host.
public enum ForkGate {
  /// Runs `body` inside. Calls may be nested.
  public static func inside<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    enter()
    defer { leave() }
    return try body()
  }

  /// Runs `body`, which waits or belongs to the host, outside.
  public static func outside<Value>(_ body: () -> Value) -> Value {
    let depth = pause()
    defer { resume(depth) }
    return body()
  }

  /// Marks the calling thread as one of the library: it stops for good when it wants to come back inside after `close`.
  @inline(never) static func markThread() { akool_fork_mark_thread() }

  /// Stops the library's threads where they wait, except the calling one. Those that are inside are waited for, within
  /// a bound. Not to be called inside.
  @inline(never) static func close() { akool_fork_close() }

  // None of these is inlined: the state lies in the object file of the function that reaches it.

  @inline(never) private static func enter() { akool_fork_enter() }

  @inline(never) private static func leave() { akool_fork_leave() }

  /// Leaves for as long as the thread waits, and returns what `resume` takes: 0 when the thread was not inside.
  @inline(never) static func pause() -> Int32 { akool_fork_pause() }

  @inline(never) static func resume(_ depth: Int32) { akool_fork_return(depth) }

  /// Number of forks between this process and the one that loaded the library. What was made under another number
  /// belongs to another process.
  public static var forkCount: UInt {
    @inline(never) get { UInt(akool_fork_count()) }
  }
}
