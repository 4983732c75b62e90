internal import CLinux
internal import Glibc

/// Tells other processes that an owner lives: a lock on a file of its own.
///
/// A POSIX record lock, since those are seen across containers, go when a process is killed, and are not inherited by
/// fork, unlike those of flock. They have a trap: closing any descriptor of the file drops them. So this copy of the
/// library never opens the file of an owner of its own a second time, and where another copy in this process has an
/// owner, what was opened to look stays open.
final class OwnerLock {
  private let path: String
  private let descriptor: Int32
  private let owner: String

  /// Takes the lock of a new owner.
  init(ledger file: String, owner: String) throws(AkoolError) {
    let folder = Self.folder(of: file)
    if mkdir(folder, 0o700) != 0, akool_errno() != EEXIST { throw Self.failed(folder) }
    path = Self.path(file, owner)
    self.owner = owner
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failed(path) }
    var lock = Self.wholeFile
    guard fcntl(descriptor, F_SETLK, &lock) == 0 else {
      let error = Self.failed(path)
      Glibc.close(descriptor)
      throw error
    }
    OwnersHere.shared.insert(owner)
  }

  deinit {
    // In a forked child the lock is the parent's, and so is the file.
    guard OwnersHere.shared.remove(owner) else { return }
    unlink(path)
    Glibc.close(descriptor)
  }

  /// Whether an owner's process still runs.
  static func isAlive(_ owner: String, ledger file: String) -> Bool {
    if OwnersHere.shared.contains(owner) { return true }
    let path = path(file, owner)
    return OwnersHere.shared.look(at: path) { known in
      let descriptor = known ?? open(path, O_RDWR | O_CLOEXEC)
      // Without its file an owner has ended; when it cannot be looked at, nothing is done to what it opened.
      guard descriptor >= 0 else { return (akool_errno() != ENOENT, keep: nil) }
      var lock = wholeFile
      // Asked like this, the kernel also tells of a lock that this very process has.
      guard fcntl(descriptor, akool_ofd_getlk(), &lock) == 0 else { return (true, keep: descriptor) }
      let isLocked = Int32(lock.l_type) != Int32(F_UNLCK)
      if isLocked, lock.l_pid == getpid() { return (true, keep: descriptor) }
      Glibc.close(descriptor)
      return (isLocked, keep: nil)
    }
  }

  /// Removes the file of an owner that is gone and has left nothing.
  static func forget(_ owner: String, ledger file: String) { unlink(path(file, owner)) }

  private static func folder(of file: String) -> String { file + ".owners" }
  private static func path(_ file: String, _ owner: String) -> String { folder(of: file) + "/" + owner + ".lock" }

  private static var wholeFile: flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    return lock
  }

  private static func failed(_ path: String) -> AkoolError {
    AkoolError(
      .localIO, "the ledger's lock \(JSON.string(path).serialized()) cannot be taken: \(SystemError.last)",
      hint: "Check the rights of the ledger's folder, the disk, and that the file system has record locks.")
  }
}

/// The owners of this process.
private final class OwnersHere: @unchecked Sendable {
  // `owners` and `kept` are guarded by `lock`.
  static let shared = OwnersHere()
  private let lock = Lock()
  private var owners: [String: UInt] = [:]
  /// Descriptors of the files of owners that another copy of the library has in this process, by path.
  private var kept: [String: Int32] = [:]

  func insert(_ owner: String) { lock.withLock { owners[owner] = ForkGate.forkCount } }

  /// Whether it was one of this very process, not of the one that forked it.
  func remove(_ owner: String) -> Bool { lock.withLock { owners.removeValue(forKey: owner) == ForkGate.forkCount } }

  func contains(_ owner: String) -> Bool { lock.withLock { owners[owner] == ForkGate.forkCount } }

  /// One look at a file at a time.
  ///
  /// - Parameter body: Given the descriptor that the last look has left open, tells the answer and which is to stay open.
  func look(at path: String, _ body: (Int32?) -> (Bool, keep: Int32?)) -> Bool {
    lock.withLock {
      let (answer, keep) = body(kept[path])
      kept[path] = keep
      return answer
    }
  }
}
