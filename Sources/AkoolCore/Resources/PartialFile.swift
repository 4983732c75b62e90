internal import CCrypto
internal import CLinux
internal import Glibc

/// A file on its way in: beside its place, under a name of its own, until it is whole. Of all processes one at a time has
/// it. Used by one thread at a time, which may wait for the disk.
final class PartialFile: @unchecked Sendable {
  // Handed from the event loop to the disk thread and back, never used by both.

  /// What an attempt to take a partial file came to.
  enum Opening {
    case opened(PartialFile)
    /// Another process, or another call, has it.
    case busy
  }

  /// Where the bytes come from: those of another source are of no use.
  struct Source: Equatable {
    /// Without the query, which holds signatures and changes.
    let address: String
    let validator: String?
    let size: Int64?
  }

  private let directory: Int32
  private let descriptor: Int32
  private let path: String
  private let name: String
  private let digest: OpaquePointer
  private(set) var length: Int64 = 0
  private(set) var source: Source?

  private var partName: String { ".\(name).akool-part" }
  private var noteName: String { partName + ".json" }

  private init(_ directory: Int32, _ descriptor: Int32, _ path: String, _ name: String, _ digest: OpaquePointer) {
    self.directory = directory
    self.descriptor = descriptor
    self.path = path
    self.name = name
    self.digest = digest
  }

  deinit {
    EVP_MD_CTX_free(digest)
    close(descriptor)
    close(directory)
  }

  /// Takes the partial file of a name in a folder, with what is there of it.
  static func open(in path: String, _ name: String) throws(AkoolError) -> Opening {
    let directory = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw failed("open the folder", path) }
    let descriptor = openat(directory, ".\(name).akool-part", O_RDWR | O_CREAT | waitless, 0o666)
    guard descriptor >= 0, isRegular(descriptor), let digest = EVP_MD_CTX_new() else {
      let error =
        descriptor >= 0 && !isRegular(descriptor)
        ? irregular(path + "/.\(name).akool-part") : failed("create a file in", path)
      if descriptor >= 0 { close(descriptor) }
      close(directory)
      throw error
    }
    let file = PartialFile(directory, descriptor, path, name, digest)
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    guard fcntl(descriptor, akool_ofd_setlk(), &lock) == 0 else { return .busy }
    // Whoever had it may have given it its final name meanwhile: then this is not it any more.
    guard file.isInPlace else { return .busy }
    try file.load()
    return .opened(file)
  }

  /// No link is followed, and nothing is waited for: another program may have put a link or a FIFO there.
  private static var waitless: Int32 { O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC }

  private static func isRegular(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func irregular(_ path: String) -> AkoolError {
    AkoolError(
      .localIO, "\(JSON.string(path).serialized()) is no regular file", hint: "Remove it, or choose another directory.")
  }

  private var isInPlace: Bool {
    var (mine, there) = (stat(), stat())
    return fstat(descriptor, &mine) == 0 && fstatat(directory, partName, &there, AT_SYMLINK_NOFOLLOW) == 0
      && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
  }

  // MARK: What is there

  /// Whether a file of the final name is there.
  static func exists(in path: String, _ name: String) -> Bool {
    var status = stat()
    return lstat(path + "/" + name, &status) == 0
  }

  private func load() throws(AkoolError) {
    source = storedSource()
    guard source != nil else { return try restart(nil) }
    try startDigest()
    var buffer = [UInt8](repeating: 0, count: 262_144)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, Int(length))
      guard count >= 0 else { throw Self.failed("read", path + "/" + partName) }
      if count == 0 { return }
      guard EVP_DigestUpdate(digest, buffer, count) == 1 else { throw Self.noDigest }
      length += Int64(count)
    }
  }

  private func storedSource() -> Source? {
    let note = openat(directory, noteName, O_RDONLY | Self.waitless)
    guard note >= 0 else { return nil }
    defer { close(note) }
    guard Self.isRegular(note) else { return nil }
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = Glibc.read(note, &buffer, buffer.count)
    guard count > 0, let json = try? JSON.parse(serverBytes: Array(buffer.prefix(count))),
      let address = json["address"]?.string
    else { return nil }
    return Source(address: address, validator: json["validator"]?.string, size: json["size"]?.integer)
  }

  private func startDigest() throws(AkoolError) {
    guard EVP_DigestInit_ex(digest, akool_sha256(), nil) == 1 else { throw Self.noDigest }
  }

  private static var noDigest: AkoolError {
    AkoolError(
      .localIO, "SHA-256 cannot be computed: libcrypto has no memory, or does not offer it",
      hint: "Try again, and check the memory of the process; what has come so far is kept.", isRetryable: true)
  }

  // MARK: What comes

  /// Throws away what is there, and begins with another source.
  func restart(_ source: Source?) throws(AkoolError) {
    guard ftruncate(descriptor, 0) == 0 else { throw Self.failed("empty", path + "/" + partName) }
    length = 0
    try startDigest()
    self.source = source
    guard let source else { return }
    var note: JSONObject = ["address": .string(source.address)]
    note["validator"] = source.validator.map(JSON.string)
    note["size"] = source.size.map(JSON.integer)
    try write(note: JSON.object(note).serializedBytes())
  }

  private func write(note bytes: [UInt8]) throws(AkoolError) {
    let note = openat(directory, noteName, O_WRONLY | O_CREAT | O_TRUNC | Self.waitless, 0o666)
    guard note >= 0 else { throw Self.failed("write", path + "/" + noteName) }
    defer { close(note) }
    guard Self.isRegular(note) else { throw Self.irregular(path + "/" + noteName) }
    guard Glibc.write(note, bytes, bytes.count) == bytes.count, fsync(note) == 0 else {
      throw Self.failed("write", path + "/" + noteName)
    }
  }

  /// Complains when so many bytes more have no room on the disk.
  func requireRoom(for bytes: Int64) throws(AkoolError) {
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0 else { return }
    let free = Int64(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    guard free < bytes else { return }
    throw AkoolError(
      .localIO, "there is no room for \(bytes) bytes in \(JSON.string(path).serialized()): \(free) are free",
      hint: "Free some space, or choose another directory; what has come so far is kept.", isRetryable: true)
  }

  func append(_ bytes: [UInt8]) throws(AkoolError) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset, Int(length) + offset)
      }
      guard count > 0 else { throw Self.failed("write", path + "/" + partName) }
      offset += count
    }
    guard EVP_DigestUpdate(digest, bytes, bytes.count) == 1 else { throw Self.noDigest }
    length += Int64(bytes.count)
  }

  /// The digest of what is there, in hexadecimal. Nothing can be appended afterwards.
  func sha256() throws(AkoolError) -> String {
    var hash = [UInt8](repeating: 0, count: 64)
    var count: UInt32 = 0
    guard EVP_DigestFinal_ex(digest, &hash, &count) == 1 else { throw Self.noDigest }
    return Hexadecimal.text(hash.prefix(Int(count)))
  }

  /// Gives the file its final name once all of it is on the disk. False when there is one of that name already.
  func finish(replacing: Bool) throws(AkoolError) -> Bool {
    guard fsync(descriptor) == 0 else { throw Self.failed("sync", path + "/" + partName) }
    let renamed =
      replacing
      ? renameat(directory, partName, directory, name) == 0
      : akool_rename_noreplace(directory, partName, name) == 0
    guard renamed else {
      if akool_errno() == EEXIST { return false }
      throw Self.failed("name", path + "/" + name)
    }
    unlinkat(directory, noteName, 0)
    guard fsync(directory) == 0 else { throw Self.failed("sync", path) }
    return true
  }

  /// Removes it with everything that belongs to it.
  func discard() {
    unlinkat(directory, noteName, 0)
    unlinkat(directory, partName, 0)
  }

  private static func failed(_ what: String, _ path: String) -> AkoolError {
    AkoolError(
      .localIO, "cannot \(what) \(JSON.string(path).serialized()): \(SystemError.last)",
      hint: "Check the folder, its rights and the disk; what has come so far is kept.", isRetryable: true)
  }
}
